import { useMutation, useQueryClient } from '@tanstack/react-query';

/** Whatever was written, everything about this venue is asked anew. */
export function useCommissioningAct<Given>(work: (given: Given) => Promise<unknown>, onDone?: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: work,
    onSuccess: async () => {
      await queryClient.invalidateQueries({
        predicate: ({ queryKey }) => ['commissioning', 'venues', 'venue', 'coverage'].includes(String(queryKey[0])),
      });
      onDone?.();
    },
  });
}
