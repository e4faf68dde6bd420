import './facility.css';
import type { Device } from '@fengsui/protocol';
import { DutyPanel } from './duty-panel.tsx';
import { FramePanel } from './frame-panel.tsx';
import { PartTable } from './part-table.tsx';
import { QuarantinePanel } from './quarantine-panel.tsx';

/** What stands behind a transmission device 用户信息传输装置: parts, people on duty, and the frames they came in. */
export function FacilityTab({ device }: { readonly device: Device }) {
  return (
    <div className="facility-columns">
      <PartTable deviceId={device.id} />
      <div className="page-part">
        <DutyPanel deviceId={device.id} />
        <FramePanel deviceId={device.id} />
        <QuarantinePanel deviceId={device.id} isFacility />
      </div>
    </div>
  );
}
