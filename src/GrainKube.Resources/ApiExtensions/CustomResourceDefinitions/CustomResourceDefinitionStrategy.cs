using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Resources.ApiExtensions.CustomResourceDefinitions;

/// <summary>Remembers every version in which objects may have been stored, and lets a definition go only after its objects.</summary>
/// <param name="time">For the condition <c>Terminating</c>.</param>
internal sealed class CustomResourceDefinitionStrategy(TimeProvider time) : IStrategy
{
    public const string CleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io";

    public void PrepareForCreate(JsonObject item, WriteScope scope) => RememberStored(item);

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope) => RememberStored(next);

    /// <summary>The first request to delete puts the finalizer in; when it has gone, nothing holds the definition.</summary>
    public bool MustLinger(JsonObject current)
    {
        var metadata = current.Ensure("metadata");
        if (metadata["deletionTimestamp"] is not null)
        {
            return false;
        }

        var finalizers = metadata["finalizers"] as JsonArray ?? [];
        if (!finalizers.Any(f => (string?)f == CleanupFinalizer))
        {
            finalizers.Add((JsonNode)CleanupFinalizer);
        }

        metadata["finalizers"] = finalizers.DeepClone();
        var status = current.Ensure("status");
        var conditions = new JsonArray([.. status.Objects("conditions").Where(c => c.Text("type") != "Terminating").Select(c => c.DeepClone())]);
        conditions.Add((JsonNode)new JsonObject
        {
            ["type"] = "Terminating",
            ["status"] = "True",
            ["lastTransitionTime"] = GoTime.Format(time.GetUtcNow()),
            ["reason"] = "InstanceDeletionPending",
            ["message"] = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
        });
        status["conditions"] = conditions;
        return true;
    }

    private static void RememberStored(JsonObject item)
    {
        var storage = item.Object("spec").Objects("versions").FirstOrDefault(v => v.Flag("storage")).Text("name");
        var status = item.Ensure("status");
        var stored = status["storedVersions"] as JsonArray ?? [];
        if (storage.Length > 0 && !stored.Any(v => (string?)v == storage))
        {
            stored.Add((JsonNode)storage);
        }

        status["storedVersions"] = stored.DeepClone();

        // Empty, not absent, until they are accepted: clients' models demand them.
        var accepted = status.Ensure("acceptedNames");
        accepted.TryAdd("plural", "");
        accepted.TryAdd("kind", "");

        // Upstream has null here until its controller has looked, and `kubectl wait` that comes before it takes that for an error.
        status["conditions"] ??= new JsonArray();
    }
}
