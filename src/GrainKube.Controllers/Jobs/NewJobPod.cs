using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.PodTemplates;
using GrainKube.Resources.Batch.Jobs;
using k8s.Models;

namespace GrainKube.Controllers.Jobs;

/// <summary>A pod that a job is to make.</summary>
/// <param name="Index">Its completion index; null in a NonIndexed job.</param>
/// <param name="Failures">How often the index has failed; null without <c>backoffLimitPerIndex</c>.</param>
/// <param name="IgnoredFailures">How many more failures the failure policy ignored.</param>
internal readonly record struct NewJobPod(int? Index, int? Failures, int IgnoredFailures)
{
    private const int LongestPrefix = 58;
    private const string IndexVariable = "JOB_COMPLETION_INDEX";

    /// <summary>The pod that takes the place of the index' last one, which failed.</summary>
    public static NewJobPod After(int index, JobPod? last, V1Job job) =>
        last is null ? new NewJobPod(index, 0, 0)
        : FailurePolicy.Match(job.Spec.PodFailurePolicy, last).Counts ? new NewJobPod(index, last.Failures + 1, last.IgnoredFailures)
        : new NewJobPod(index, last.Failures, last.IgnoredFailures + 1);

    /// <summary>The pod as it is created.</summary>
    public JsonObject Build(KubeObject job, JsonNode template)
    {
        var pod = PodsFromTemplate.Pod(job, template);
        var metadata = pod["metadata"]!.AsObject();
        if (metadata["finalizers"] is not JsonArray finalizers)
        {
            metadata["finalizers"] = finalizers = [];
        }

        if (!finalizers.Any(f => (string?)f == JobNames.Finalizer))
        {
            finalizers.Add(JobNames.Finalizer);
        }

        if (Index is { } index)
        {
            Number(job.Header.Name, index, pod, metadata);
        }

        return pod;
    }

    private void Number(string job, int index, JsonObject pod, JsonObject metadata)
    {
        var text = index.ToString(CultureInfo.InvariantCulture);
        var ending = $"-{text}-";
        metadata["generateName"] = job[..Math.Min(job.Length, LongestPrefix - ending.Length)] + ending;
        Map(metadata, "labels")[JobNames.CompletionIndex] = text;
        Map(metadata, "annotations")[JobNames.CompletionIndex] = text;
        if (Failures is { } failures)
        {
            Map(metadata, "annotations")[JobNames.FailureCount] = failures.ToString(CultureInfo.InvariantCulture);
        }

        if (IgnoredFailures > 0)
        {
            Map(metadata, "annotations")[JobNames.IgnoredFailureCount] = IgnoredFailures.ToString(CultureInfo.InvariantCulture);
        }

        var spec = pod["spec"]!.AsObject();
        spec["hostname"] = $"{job}-{text}";
        foreach (var containers in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (var container in (spec[containers] as JsonArray ?? []).OfType<JsonObject>())
            {
                AddVariable(container);
            }
        }
    }

    // One that the template brings wins.
    private static void AddVariable(JsonObject container)
    {
        if (container["env"] is not JsonArray variables)
        {
            container["env"] = variables = [];
        }

        if (!variables.Any(v => (string?)v?["name"] == IndexVariable))
        {
            variables.Add(new JsonObject
            {
                ["name"] = IndexVariable,
                ["valueFrom"] = new JsonObject
                {
                    ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = $"metadata.labels['{JobNames.CompletionIndex}']" },
                },
            });
        }
    }

    private static JsonObject Map(JsonObject metadata, string name)
    {
        if (metadata[name] is not JsonObject map)
        {
            metadata[name] = map = [];
        }

        return map;
    }
}
