using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.ManagedFields;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Objects.Writes;

/// <summary>
/// Keeps <c>managedFields</c>. What a controller of ours creates has none until somebody applies it, so that thousands of pods do not carry a list that nobody reads;
/// what a client creates has them from the start.
/// </summary>
internal static class Ownership
{
    private const string Member = "managedFields";

    /// <summary>Lays what was applied over what is there, and remembers who owns what for the commit.</summary>
    /// <returns>The object in the storage version, with its defaults.</returns>
    public static JsonObject Apply(WriteOperation write, JsonObject? live, JsonObject applied)
    {
        var (merged, managers) = Rules(write, write.Served.Schema).Apply(live, applied, ManagerOf(write), write.Request.Force);
        write.AppliedManagers = managers;
        SchemaDefaults.Apply(merged, write.Served.Schema);
        return Bodies.ToStorage(merged, write);
    }

    /// <summary>
    /// Puts the list into what the creator has sent. What admission and the kind put in later is nobody's: who applies the object may leave it out and does not take it away by that.
    /// </summary>
    public static void OfCreate(WriteOperation write, JsonObject item)
    {
        if (write.AppliedManagers is not null || write.Request.FieldManager.Length > 0)
        {
            Put(item, write.AppliedManagers?.DeepClone() ?? Rules(write, write.Definition.Schema).AfterCreate(item, ManagerOf(write)));
        }
    }

    /// <summary>Puts the list into an object as its writer wants it. What admission makes of that is nobody's doing.</summary>
    public static void OfUpdate(WriteOperation write, CurrentObject current, JsonObject next)
    {
        var stored = ListOf(current.Node);
        if (write.AppliedManagers is { } applied)
        {
            Put(next, applied.DeepClone());
        }
        else if (!IsTracked(write))
        {
            Put(next, stored?.DeepClone());
        }
        else if (stored is not null || write.SentManagers is not null)
        {
            Put(next, Rules(write, write.Definition.Schema).AfterUpdate(current.Node, next, write.SentManagers, ManagerOf(write)));
        }
    }

    /// <summary>Admission may change the list, as everything else, but leaves one that can be read: otherwise the one before stays.</summary>
    /// <param name="write">Takes the warning.</param>
    /// <param name="item">After admission.</param>
    /// <param name="before">The list before it.</param>
    public static void CheckAdmitted(WriteOperation write, JsonObject item, JsonNode? before)
    {
        var after = ListOf(item);
        if (!ReferenceEquals(after, before) && FieldOwnership.ComplaintOf(after) is { } complaint)
        {
            Put(item, before?.DeepClone());
            write.Warnings.Add(
                $".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: {complaint}");
        }
    }

    /// <summary>Who writes.</summary>
    public static FieldManager ManagerOf(WriteOperation write)
    {
        var name = write.Request.FieldManager.Length > 0 ? write.Request.FieldManager : ComponentOf(write.Request.User.Name);
        var converts = write.Served.ToStorage is not null;
        var version = write.Request.PatchType == PatchType.Apply || !converts ? write.Served.ApiVersion : write.Definition.Versions[0].ApiVersion;
        return new FieldManager(name, write.Request.PatchType == PatchType.Apply, version, write.Request.Subresource);
    }

    /// <summary>Binding a pod is the cluster's decision, which nobody owns.</summary>
    private static bool IsTracked(WriteOperation write) =>
        write.Definition.Subresources.FirstOrDefault(s => s.Name == write.Request.Subresource) is not { AnswersStatus: true };

    private static FieldOwnership Rules(WriteOperation write, Schema schema)
    {
        IReadOnlyList<string> ignored = write.Request.Subresource == "status" ? [.. schema.Properties.Keys.Where(p => p is not ("status" or "metadata"))]
            : write.Definition is { HasStatus: true, KeepsStatusOnCreate: false } ? ["status"]
            : [];
        return new FieldOwnership(schema, ignored, write.Scope.Now);
    }

    private static void Put(JsonObject item, JsonNode? list)
    {
        var metadata = item.Metadata();
        metadata.Remove(Member);
        if (list is not null)
        {
            metadata[Member] = list;
        }
    }

    /// <summary>The list as it is in the tree.</summary>
    public static JsonNode? ListOf(JsonObject item) => item.Metadata()[Member];

    /// <summary>The object is in the bytes to be stored, its tree is not needed any more.</summary>
    public static void Release(JsonObject item)
    {
        if (ListOf(item) is JsonArray managers)
        {
            FieldOwnership.Release(managers);
        }
    }

    /// <summary>Names that upstream's components have.</summary>
    private static string ComponentOf(string user) =>
        user.StartsWith("system:node:", StringComparison.Ordinal) ? "kubelet"
        : user == "system:kube-scheduler" ? "kube-scheduler"
        : user == "system:apiserver" ? "kube-apiserver"
        : user.StartsWith("system:serviceaccount:kube-system:", StringComparison.Ordinal) ? "kube-controller-manager"
        : user;
}
