import { isProtected, type Area, type Circuit, type Device } from '@fengsui/protocol';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { formatLimit } from '../format/quantity.ts';
import { branchName, nameOf } from '../locale/words.ts';
import { circuitsOfModel } from './circuits-of-model.ts';

export type CircuitTableProps = {
  readonly circuits: readonly Circuit[];
  /** Of the venue. */
  readonly devices: readonly Device[];
  readonly areas: readonly Area[];
  /** Absent without the right to change. */
  readonly onEdit?: (circuit: Circuit, isNew: boolean) => void;
};

/** The circuits of a venue by terminal: what they feed, rating, cable, and whether they may be cut off. */
export function CircuitTable({ circuits, devices, areas, onEdit }: CircuitTableProps) {
  const { t, i18n } = useTranslation();
  const models = useQuery(queries.models()).data ?? [];
  const terminals = devices
    .map((device) => ({
      device,
      prefixes: circuitsOfModel(models.find(({ id }) => id === device.model)),
      known: circuits.filter(({ deviceId }) => deviceId === device.id),
    }))
    .filter(({ prefixes, known }) => prefixes.length > 0 || known.length > 0);
  if (terminals.length === 0) return null;
  return (
    <div className="table-scroll">
      <table className="circuit-table">
        <thead>
          <tr>
            <th scope="col">{t('circuit.circuit')}</th>
            <th scope="col">{t('circuit.feeds')}</th>
            <th scope="col" className="number">
              {t('circuit.rated')}
            </th>
            <th scope="col">{t('circuit.cable')}</th>
            <th scope="col">{t('circuit.protectedLabel')}</th>
            {onEdit ? (
              <th scope="col">
                <span className="visually-hidden">{t('circuit.edit')}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        {terminals.map(({ device, prefixes, known }) => {
          const free = prefixes.filter((prefix) => !known.some((circuit) => circuit.prefix === prefix));
          const [firstFree] = free;
          return (
            <tbody key={device.id}>
              <tr className="terminal-row">
                <th scope="rowgroup" colSpan={5}>
                  <Link to="/devices/$deviceId" params={{ deviceId: device.id }}>
                    {nameOf(device, i18n.language, device.id)}
                  </Link>{' '}
                  <span className="muted mono">{device.name === undefined ? '' : device.id}</span>
                </th>
                {onEdit ? (
                  <td>
                    {firstFree === undefined ? (
                      <span className="muted">{t('circuit.noFreeCircuits')}</span>
                    ) : (
                      <button
                        type="button"
                        className="plain"
                        data-testid="add-circuit"
                        onClick={() =>
                          onEdit(
                            {
                              deviceId: device.id,
                              prefix: firstFree,
                              venueId: device.venueId,
                              protectedClass: 'unknown',
                            },
                            true,
                          )
                        }
                      >
                        {t('circuit.add')} {branchName(t, `${firstFree}.currentA`)}
                      </button>
                    )}
                  </td>
                ) : null}
              </tr>
              {known.map((circuit) => (
                <CircuitRow
                  key={circuit.prefix}
                  circuit={circuit}
                  area={areas.find(({ id }) => id === circuit.areaId)}
                  {...(onEdit && { onEdit: () => onEdit(circuit, false) })}
                />
              ))}
            </tbody>
          );
        })}
      </table>
    </div>
  );
}

function CircuitRow(props: {
  readonly circuit: Circuit;
  readonly area: Area | undefined;
  readonly onEdit?: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { circuit, area, onEdit } = props;
  const { prefix, ratedA, cable, probe, protectedClass } = circuit;
  const place = branchName(t, `${prefix}.currentA`) ?? prefix;
  const name = (i18n.language === 'en' ? circuit.nameEn : undefined) ?? circuit.name;
  return (
    <tr data-testid="circuit" data-circuit={`${circuit.deviceId}/${prefix}`} data-protected={isProtected(circuit)}>
      <td>
        {place}
        {name ? <span className="sub">{name}</span> : null}
      </td>
      <td>{area ? nameOf(area, i18n.language, area.id) : <span className="muted">–</span>}</td>
      <td className="number">{ratedA === undefined ? '–' : formatLimit(ratedA, 'A')}</td>
      <td>
        {cable ? (
          t('circuit.cableWords', {
            insulation: cable.insulation,
            size: cable.crossSectionMm2,
            method: cable.installationMethod,
            n: cable.loadedConductors,
          })
        ) : (
          <span className="muted">{t('circuit.noCable')}</span>
        )}
        {probe ? (
          <span className="sub muted">
            {t('circuit.probe')}: {branchName(t, probe) ?? probe}
          </span>
        ) : null}
      </td>
      <td>
        <span className={`tag${isProtected(circuit) ? ' strong' : ''}`}>
          {t(`circuit.protectedClass.${protectedClass}`)}
        </span>
      </td>
      {onEdit ? (
        <td className="edit-cell">
          <button type="button" className="plain" onClick={onEdit}>
            {t('circuit.edit')}
          </button>
        </td>
      ) : null}
    </tr>
  );
}
