import 'infnet:report.css';
import './styles.css';
import { keepOffline } from './offline.js';
import { followTheme } from './page.js';
import { LivePage } from './live-page.js';

followTheme();
new LivePage().start();
void keepOffline();
