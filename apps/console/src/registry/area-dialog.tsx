import { areaKinds, isWireId, type Area, type AreaKind } from '@fengsui/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/resources.ts';
import { DialogForm } from '../shell/dialog-form.tsx';
import { possibleParents } from './area-tree.ts';
import { areaUses, areaUseWord } from './area-words.ts';

export type AreaDialogProps = {
  readonly venueId: string;
  readonly areas: readonly Area[];
  /** Absent: a new one. */
  readonly area?: Area;
  readonly parentId?: string;
  readonly onClose: () => void;
};

/** Writes one area. Its id is for good: devices and circuits name it. */
export function AreaDialog({ venueId, areas, area, parentId: above, onClose }: AreaDialogProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [id, setId] = useState(area?.id ?? '');
  const [name, setName] = useState(area?.name ?? '');
  const [nameEn, setNameEn] = useState(area?.nameEn ?? '');
  const [kind, setKind] = useState<AreaKind>(area?.kind ?? 'room');
  const [parentId, setParentId] = useState(area?.parentId ?? above ?? '');
  const [use, setUse] = useState(area?.use ?? '');
  const save = useMutation({
    mutationFn: () =>
      api.putArea({
        id: id.trim(),
        venueId,
        kind,
        name: name.trim(),
        ...(nameEn.trim() !== '' && { nameEn: nameEn.trim() }),
        ...(parentId !== '' && { parentId }),
        ...(use !== '' && { use }),
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['areas', venueId] });
      void queryClient.invalidateQueries({ queryKey: ['coverage'] });
      onClose();
    },
  });
  return (
    <DialogForm
      title={area ? t('area.editTitle', { id: area.id }) : t('area.addTitle')}
      submit={t('area.save')}
      isBusy={save.isPending}
      error={save.error}
      missing={() =>
        !isWireId(id.trim()) ? t('area.idMissing') : name.trim() === '' ? t('area.nameMissing') : undefined
      }
      onSend={() => save.mutate()}
      onClose={onClose}
    >
      {area ? null : (
        <label className="field">
          {t('area.id')}
          <input
            name="areaId"
            value={id}
            maxLength={64}
            spellCheck={false}
            autoCapitalize="none"
            onChange={({ target }) => setId(target.value)}
          />
        </label>
      )}
      <label className="field">
        {t('area.name')}
        <input name="areaName" value={name} maxLength={120} onChange={({ target }) => setName(target.value)} />
      </label>
      <label className="field">
        {t('area.nameEn')}
        <input value={nameEn} maxLength={120} onChange={({ target }) => setNameEn(target.value)} />
      </label>
      <div className="field-pair">
        <label className="field">
          {t('area.kindLabel')}
          <select
            value={kind}
            onChange={({ target }) => setKind(areaKinds.find((word) => word === target.value) ?? 'room')}
          >
            {areaKinds.map((word) => (
              <option key={word} value={word}>
                {t(`area.kind.${word}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {t('area.use')}
          <select value={use} onChange={({ target }) => setUse(target.value)}>
            <option value="">{t('area.useNone')}</option>
            {[...areaUses, ...(use !== '' && !areaUses.some((word) => word === use) ? [use] : [])].map((word) => (
              <option key={word} value={word}>
                {areaUseWord(t, word)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="field">
        {t('area.parent')}
        <select value={parentId} onChange={({ target }) => setParentId(target.value)}>
          <option value="">{t('area.noParent')}</option>
          {possibleParents(areas, area?.id).map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
        </select>
      </label>
    </DialogForm>
  );
}
