using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.PodTemplates;

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

    /// <summary>Creates that many pods of one template.</summary>
    /// <exception cref="ApiException">What refused the first pod that was refused.</exception>
    public static Task CreateAsync(KubeObject owner, JsonNode template, int count, ReconcileContext context, CancellationToken cancel) =>
        CreateAsync(owner, [.. Enumerable.Range(0, count).Select(_ => Pod(owner, template))], context, cancel);

    /// <summary>Creates pods in batches of 1, 2, 4 … so that a template nobody accepts costs one refusal, not five hundred.</summary>
    /// <exception cref="ApiException">What refused the first pod that was refused.</exception>
    public static async Task CreateAsync(KubeObject owner, IReadOnlyList<JsonObject> pods, ReconcileContext context, CancellationToken cancel)
    {
        for (var (done, batch) = (0, 1); done < pods.Count; done += batch, batch = Math.Min(batch * 2, pods.Count - done))
        {
            await Task.WhenAll(pods.Skip(done).Take(batch).Select(pod => CreateOneAsync(owner, pod, context, cancel)));
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

    /// <summary>The refusal only says that the namespace is going, and the owner with it.</summary>
    public static bool IsNamespaceGoing(ApiException refused) => refused.Status.Causes.Any(c => c.Reason == "NamespaceTerminating");

    private static async Task CreateOneAsync(KubeObject owner, JsonObject pod, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            var made = await context.Objects.CreateAsync(pod, cancel);
            context.Events.Normal(owner, "SuccessfulCreate", $"Created pod: {made.Header.Name}");
        }
        catch (ApiException refused) when (IsNamespaceGoing(refused))
        {
            // Nothing is to be made there any more.
        }
        catch (ApiException refused)
        {
            context.Events.Warning(owner, "FailedCreate", $"Error creating: {refused.Message}");
            throw;
        }
    }
}
