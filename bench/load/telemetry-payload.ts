/** A telemetry report of nine values as a terminal with one circuit sends it, about 250 bytes of JSON. */
export function telemetryPayload(epoch: string, seq: number, at: number): string {
  // Values move from report to report and stay within every limit.
  const step = seq % 97;
  return (
    `{"epoch":"${epoch}","seq":${seq},"at":${at},"values":{"c1.voltageV":${228 + step / 50},` +
    `"c1.currentA":${4 + step / 100},"c1.residualCurrentMa":${12 + step / 20},"c1.activePowerW":${900 + step},` +
    `"c1.reactivePowerVar":${120 + step / 4},"c1.powerFactor":0.${90 + (step % 9)},"c1.frequencyHz":50.0${step % 5},` +
    `"c1.thdCurrentPct":${11 + step / 40},"c1.energyKwh":${1000 + seq / 1000}}}`
  );
}
