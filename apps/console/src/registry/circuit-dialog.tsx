import {
  cableCrossSectionsMm2,
  cableInstallationMethods,
  cableInsulations,
  protectedClasses,
  type Area,
  type Circuit,
  type Device,
} from '@fengsui/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queries } from '../api/queries.ts';
import { api } from '../api/resources.ts';
import { branchName, nameOf } from '../locale/words.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { areaLines } from './area-tree.ts';
import { circuitOf, fieldsOf, type CircuitFields } from './circuit-fields.ts';
import { probesOfModel } from './circuits-of-model.ts';

export type CircuitDialogProps = {
  readonly circuit: Circuit;
  readonly areas: readonly Area[];
  readonly device: Device | undefined;
  readonly onClose: () => void;
};

/** Writes one circuit: what it feeds, rating, cable, probe, and whether it may be cut off. */
export function CircuitDialog({ circuit, areas, device, onClose }: CircuitDialogProps) {
  const { t, i18n } = useTranslation();
  const queryClient = useQueryClient();
  const models = useQuery(queries.models()).data ?? [];
  const probes = probesOfModel(models.find(({ id }) => id === device?.model));
  const [fields, setFields] = useState<CircuitFields>(() => fieldsOf(circuit));
  const change = (changes: Partial<CircuitFields>): void => setFields({ ...fields, ...changes });
  const save = useMutation({
    mutationFn: () => api.putCircuit(circuitOf(circuit, fields)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['circuits', circuit.venueId] });
      void queryClient.invalidateQueries({ queryKey: ['coverage'] });
      onClose();
    },
  });
  const place = branchName(t, `${circuit.prefix}.currentA`) ?? circuit.prefix;
  return (
    <DialogForm
      title={t('circuit.editTitle', { device: nameOf(device, i18n.language, circuit.deviceId), circuit: place })}
      submit={t('area.save')}
      isBusy={save.isPending}
      error={save.error}
      missing={() => undefined}
      onSend={() => save.mutate()}
      onClose={onClose}
    >
      <label className="field">
        {t('area.name')}
        <input
          name="circuitName"
          value={fields.name}
          maxLength={120}
          onChange={({ target }) => change({ name: target.value })}
        />
      </label>
      <label className="field">
        {t('circuit.protectedLabel')}
        <select
          name="protectedClass"
          value={fields.protectedClass}
          onChange={({ target }) =>
            change({ protectedClass: protectedClasses.find((word) => word === target.value) ?? 'unknown' })
          }
        >
          {protectedClasses.map((word) => (
            <option key={word} value={word}>
              {t(`circuit.protectedClass.${word}`)}
            </option>
          ))}
        </select>
        <small>{t('circuit.protectedWhy')}</small>
      </label>
      <div className="field-pair">
        <label className="field">
          {t('circuit.feeds')}
          <select value={fields.areaId} onChange={({ target }) => change({ areaId: target.value })}>
            <option value="">{t('circuit.unset')}</option>
            {areaLines(areas).map(({ area, depth }) => (
              <option key={area.id} value={area.id}>
                {'\u3000'.repeat(depth)}
                {nameOf(area, i18n.language, area.id)}
              </option>
            ))}
          </select>
        </label>
        <Amount
          name="ratedA"
          label={`${t('circuit.rated')} (A)`}
          value={fields.ratedA}
          onValue={(ratedA) => change({ ratedA })}
        />
      </div>
      <div className="field-pair">
        <label className="field">
          {t('circuit.insulation')}
          <select value={fields.insulation} onChange={({ target }) => change({ insulation: target.value })}>
            <option value="">{t('circuit.noCableChoice')}</option>
            {cableInsulations.map((word) => (
              <option key={word}>{word}</option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('circuit.probe')}
          <select value={fields.probe} onChange={({ target }) => change({ probe: target.value })}>
            <option value="">{t('circuit.unset')}</option>
            {probes.map((probe) => (
              <option key={probe} value={probe}>
                {branchName(t, probe) ?? probe}
              </option>
            ))}
          </select>
        </label>
      </div>
      {fields.insulation === '' ? null : (
        <>
          <div className="field-pair">
            <label className="field">
              {t('circuit.crossSection')}
              <select
                value={fields.crossSectionMm2}
                onChange={({ target }) => change({ crossSectionMm2: target.value })}
              >
                {cableCrossSectionsMm2.map((size) => (
                  <option key={size}>{size}</option>
                ))}
              </select>
            </label>
            <label className="field">
              {t('circuit.loaded')}
              <select
                value={fields.loadedConductors}
                onChange={({ target }) => change({ loadedConductors: target.value })}
              >
                <option>2</option>
                <option>3</option>
              </select>
            </label>
          </div>
          <label className="field">
            {t('circuit.method')}
            <select
              value={fields.installationMethod}
              onChange={({ target }) => change({ installationMethod: target.value })}
            >
              {cableInstallationMethods.map((method) => (
                <option key={method} value={method}>
                  {t(`circuit.methods.${method}`)}
                </option>
              ))}
            </select>
          </label>
          <div className="field-pair">
            <Amount
              name="circuitsTogether"
              label={t('circuit.together')}
              value={fields.circuitsTogether}
              onValue={(circuitsTogether) => change({ circuitsTogether })}
            />
            <Amount
              name="ambientC"
              label={t('circuit.ambient')}
              value={fields.ambientC}
              onValue={(ambientC) => change({ ambientC })}
            />
          </div>
        </>
      )}
    </DialogForm>
  );
}

function Amount(props: {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}) {
  return (
    <label className="field">
      {props.label}
      <input
        name={props.name}
        type="number"
        step="any"
        value={props.value}
        onChange={({ target }) => props.onValue(target.value)}
      />
    </label>
  );
}
