using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.Jobs;

/// <summary>Makes and deletes the pods of a job, and says so by events in upstream's words.</summary>
internal static class JobPodControl
{
    /// <summary>Creates pods in batches of 1, 2, 4 … so that a template nobody accepts costs one refusal, not five hundred.</summary>
    /// <returns>How many were made, and what refused the first that was refused.</returns>
    public static async Task<(int Made, ApiException? Refusal)> CreateAsync(KubeObject job, IReadOnlyList<NewJobPod> pods, ReconcileContext context, CancellationToken cancel)
    {
        var template = pods.Count == 0 ? null : job.ToNode()["spec"]!["template"]!;
        var made = 0;
        for (var (start, batch) = (0, 1); start < pods.Count; start += batch, batch *= 2)
        {
            batch = Math.Min(batch, pods.Count - start);
            var results = await Task.WhenAll(pods.Skip(start).Take(batch).Select(p => CreateOneAsync(job, p.Build(job, template!), context, cancel)));
            made += results.Count(r => r.Made);
            if (Array.Find(results, r => r.Refusal is not null).Refusal is { } refusal)
            {
                return (made, refusal);
            }
        }

        return (made, null);
    }

    public static Task DeleteAsync(KubeObject job, IReadOnlyList<JobPod> pods, bool uncounted, ReconcileContext context, CancellationToken cancel) =>
        Task.WhenAll(pods.Select(async pod =>
        {
            if (uncounted)
            {
                await JobFinalizers.RemoveAsync(pod.Object, context, cancel);
            }

            if (await context.Objects.DeleteAsync(pod.Object.Key, new Preconditions(pod.Uid), cancel))
            {
                context.Events.Normal(job, "SuccessfulDelete", $"Deleted pod: {pod.Object.Header.Name}");
            }
        }));

    private static async Task<(bool Made, ApiException? Refusal)> CreateOneAsync(KubeObject job, JsonObject pod, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            var made = await context.Objects.CreateAsync(pod, cancel);
            context.Events.Normal(job, "SuccessfulCreate", $"Created pod: {made.Header.Name}");
            return (true, null);
        }
        catch (ApiException refused) when (refused.Status.Causes.Any(c => c.Reason == "NamespaceTerminating"))
        {
            return (false, null); // the namespace is going and the job with it
        }
        catch (ApiException refused)
        {
            context.Events.Warning(job, "FailedCreate", $"Error creating: {refused.Message}");
            return (false, refused);
        }
    }
}
