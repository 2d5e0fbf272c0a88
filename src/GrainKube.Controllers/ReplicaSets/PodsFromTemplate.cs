using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.ReplicaSets;

/// <summary>Creates and deletes the pods of an owner, and says so by events in upstream's words.</summary>
internal static class PodsFromTemplate
{
    /// <summary>The pod that <c>spec.template</c> of the owner describes, controlled by the owner.</summary>
    public static JsonObject Pod(KubeObject owner, JsonNode template)
    {
        var metadata = new JsonObject
        {
            ["generateName"] = owner.Header.Name + "-",
            ["namespace"] = owner.Key.Namespace,
            ["ownerReferences"] = new JsonArray(OwnerReferences.ControllerOf(owner)),
        };
        foreach (var copied in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
        {
            if (template["metadata"]?[copied] is { } value)
            {
                metadata[copied] = value.DeepClone();
            }
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template["spec"]!.DeepClone() };
    }

    /// <summary>Creates pods in batches of 1, 2, 4 … so that a template nobody accepts costs one refusal, not five hundred.</summary>
    /// <exception cref="ApiException">What refused the first pod that was refused.</exception>
    public static async Task CreateAsync(KubeObject owner, JsonNode template, int count, ReconcileContext context, CancellationToken cancel)
    {
        for (var (left, batch) = (count, 1); left > 0; left -= batch, batch = Math.Min(batch * 2, left))
        {
            batch = Math.Min(batch, left);
            await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => CreateOneAsync(owner, template, context, cancel)));
        }
    }

    public static Task DeleteAsync(KubeObject owner, IReadOnlyList<KubeObject> pods, ReconcileContext context, CancellationToken cancel) =>
        Task.WhenAll(pods.Select(async pod =>
        {
            if (await context.Objects.DeleteAsync(pod.Key, new Preconditions(pod.Header.Uid), cancel))
            {
                context.Events.Normal(owner, "SuccessfulDelete", $"Deleted pod: {pod.Header.Name}");
            }
        }));

    private static async Task CreateOneAsync(KubeObject owner, JsonNode template, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            var pod = await context.Objects.CreateAsync(Pod(owner, template), cancel);
            context.Events.Normal(owner, "SuccessfulCreate", $"Created pod: {pod.Header.Name}");
        }
        catch (ApiException refused) when (refused.Status.Causes.Any(c => c.Reason == "NamespaceTerminating"))
        {
            // The namespace is going and the owner with it.
        }
        catch (ApiException refused)
        {
            context.Events.Warning(owner, "FailedCreate", $"Error creating: {refused.Message}");
            throw;
        }
    }
}
