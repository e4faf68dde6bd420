import type { DeviceCommand, Point } from '@fengsui/protocol';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../format/instant.ts';
import { formatQuantity } from '../format/quantity.ts';
import type { Translate } from '../locale/i18n.ts';
import { branchName, pointName } from '../locale/words.ts';

type Facts = Readonly<Record<string, unknown>>;

/** What a device read back, each known field in words; what is not known is shown as it came. */
export function CommandResult({
  command,
  points,
}: {
  readonly command: DeviceCommand;
  readonly points: readonly Point[];
}) {
  const { t } = useTranslation();
  const result = factsOf(command.result);
  if (result === undefined) return null;
  const values = Object.entries(factsOf(result['values']) ?? {});
  const checks = Object.entries(factsOf(result['checks']) ?? {});
  const breakers = Object.entries(factsOf(result['breakers']) ?? {});
  const sounder = factsOf(result['sounder']) ?? (typeof result['sounding'] === 'boolean' ? result : undefined);
  const configuration =
    factsOf(result['configuration']) ?? (typeof result['version'] === 'number' ? result : undefined);
  const captureId = result['captureId'];
  const isKnown =
    values.length + checks.length + breakers.length > 0 || sounder || configuration || typeof captureId === 'string';
  return (
    <div className="command-result" data-testid="command-result">
      {values.length > 0 ? (
        <dl className="facts">
          {values.map(([id, value]) => (
            <Fact key={id} name={pointName(t, id)}>
              {typeof value === 'number'
                ? formatQuantity(value, points.find((point) => point.id === id)?.unit)
                : String(value)}
            </Fact>
          ))}
        </dl>
      ) : null}
      {breakers.length > 0 ? (
        <p>
          {t('command.result.breakers')}:{' '}
          {breakers
            .map(([circuit, state]) => `${branchName(t, `${circuit}.currentA`) ?? circuit} ${breakerWord(t, state)}`)
            .join(' · ')}
        </p>
      ) : null}
      {typeof result['passed'] === 'boolean' ? (
        <p className={result['passed'] ? '' : 'warn-words'}>
          {t(result['passed'] ? 'command.result.passed' : 'command.result.notPassed')}
        </p>
      ) : null}
      {checks.length > 0 ? (
        <dl className="facts">
          {checks.map(([name, check]) => {
            const { ok, detail } = factsOf(check) ?? {};
            return (
              <Fact key={name} name={name}>
                <span className={ok === true ? '' : 'warn-words'}>
                  {t(ok === true ? 'command.result.ok' : 'command.result.notOk')}
                </span>{' '}
                <span className="muted">{typeof detail === 'string' ? detail : ''}</span>
              </Fact>
            );
          })}
        </dl>
      ) : null}
      {typeof captureId === 'string' ? (
        <p>
          <Link to="/captures/$captureId" params={{ captureId: `${command.deviceId}:${captureId}` }}>
            {t('command.result.capture')}
          </Link>{' '}
          <span className="muted">{t('command.result.captureComing')}</span>
        </p>
      ) : null}
      {sounder ? (
        <p>
          {t(sounder['sounding'] === true ? 'command.result.sounding' : 'command.result.quiet')}
          {until(sounder['silencedUntil'])
            ? ` · ${t('command.result.silencedUntil', { time: until(sounder['silencedUntil']) })}`
            : ''}
          {until(sounder['sirenUntil'])
            ? ` · ${t('command.result.sirenUntil', { time: until(sounder['sirenUntil']) })}`
            : ''}
        </p>
      ) : null}
      {configuration ? (
        <p>
          {t('command.result.configuration', { version: String(configuration['version']) })}
          {typeof configuration['kept'] === 'boolean'
            ? ` · ${t(configuration['kept'] ? 'command.result.kept' : 'command.result.notKept')}`
            : ''}
          {factsOf(configuration['settings']) ? (
            <span className="mono muted"> {JSON.stringify(configuration['settings'])}</span>
          ) : null}
        </p>
      ) : null}
      {isKnown || Object.keys(result).length === 0 ? null : (
        <p>
          <span className="muted">{t('command.result.raw')}:</span>{' '}
          <span className="mono">{JSON.stringify(result).slice(0, 2_000)}</span>
        </p>
      )}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function breakerWord(t: Translate, state: unknown): string {
  return state === 'closed' || state === 'open' ? t(`command.result.${state}`) : t('command.result.unknown');
}

const until = (at: unknown): string | undefined => (typeof at === 'number' ? formatClock(at) : undefined);

function factsOf(value: unknown): Facts | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Facts) : undefined;
}
