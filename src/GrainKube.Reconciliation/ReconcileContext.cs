using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;
using GrainKube.Reconciliation.Events;
using k8s;

namespace GrainKube.Reconciliation;

/// <summary>What a reconciliation works with.</summary>
/// <param name="Objects">Reads from the cache, writes under the controller's identity, fenced by the slice's epoch.</param>
/// <param name="Events">Records events under the controller's name.</param>
/// <param name="Now">The time at the start of this reconciliation.</param>
public sealed record ReconcileContext(ObjectClient Objects, EventRecorder Events, DateTimeOffset Now)
{
    /// <summary>
    /// Makes a dependent as <paramref name="wanted"/> says, by server-side apply: members that are not named are left to others, members named before and not now are removed, and where
    /// nothing differs nothing is written. It is in the owner's namespace and goes when the owner goes.
    /// </summary>
    /// <param name="owner">Becomes its controller.</param>
    /// <param name="wanted">A model with a name; null members are left out.</param>
    /// <param name="cancel">Stops waiting; the write may have happened.</param>
    /// <returns>The dependent as committed.</returns>
    public Task<KubeObject> ApplyAsync<T>(KubeObject owner, T wanted, CancellationToken cancel) where T : class, IKubernetesObject
    {
        var item = Objects.ToNode(wanted);
        var metadata = item["metadata"]!.AsObject();
        if (owner.Key.Namespace.Length > 0)
        {
            metadata["namespace"] = owner.Key.Namespace;
        }

        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = owner.Header.ApiVersion,
            ["kind"] = owner.Header.Kind,
            ["name"] = owner.Header.Name,
            ["uid"] = owner.Header.Uid,
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        });
        return Objects.ApplyAsync(item, "", Manager, cancel);
    }

    /// <summary>Makes this controller's part of an object's status what <paramref name="status"/> says; where nothing differs nothing is written.</summary>
    /// <returns>The object as committed.</returns>
    public Task<KubeObject> ApplyStatusAsync<TStatus>(KubeObject item, TStatus status, CancellationToken cancel) where TStatus : class
    {
        var metadata = new JsonObject { ["name"] = item.Header.Name, ["uid"] = item.Header.Uid };
        if (item.Key.Namespace.Length > 0)
        {
            metadata["namespace"] = item.Key.Namespace;
        }

        var wanted = new JsonObject
        {
            ["apiVersion"] = item.Header.ApiVersion,
            ["kind"] = item.Header.Kind,
            ["metadata"] = metadata,
            ["status"] = JsonNode.Parse(KubernetesJson.Serialize(status)),
        };
        return Objects.ApplyAsync(wanted, "status", Manager, cancel);
    }

    private string Manager => Objects.User.Name[(Objects.User.Name.LastIndexOf(':') + 1)..];
}
