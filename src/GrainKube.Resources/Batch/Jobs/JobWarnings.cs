using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Batch.Jobs;

/// <summary>Warnings about a job's spec, its own or a cron job's.</summary>
internal static class JobWarnings
{
    private const int ManyCompletions = 100_000;
    private const int MuchParallelism = 10_000;

    public static void Add(V1JobSpec? spec, string path, (V1ObjectMeta? Next, V1ObjectMeta? Current) owner, IList<string> warnings)
    {
        if (owner.Current is not null && owner.Next?.Generation == owner.Current.Generation)
        {
            return;
        }

        if (spec is { CompletionMode: "Indexed", Completions: > ManyCompletions, Parallelism: > MuchParallelism })
        {
            warnings.Add($"{path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail");
        }

        PodWarnings.Add(spec?.Template?.Metadata, spec?.Template?.Spec, $"{path}.template.", warnings);
    }
}
