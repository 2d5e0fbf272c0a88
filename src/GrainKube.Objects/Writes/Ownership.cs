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

    /// <summary>Sees what the creator has sent. What admission and the kind put in later is nobody's: who applies the object may leave it out and does not take it away by that.</summary>
    public static void BeforeCreate(WriteOperation write, JsonObject item) => write.CreatedManagers =
        write.AppliedManagers is null && write.Request.FieldManager.Length > 0 ? Rules(write, write.Definition.Schema).AfterCreate(item, ManagerOf(write)) : null;

    /// <summary>Puts the list into a new object.</summary>
    public static void AfterCreate(WriteOperation write, JsonObject item)
    {
        if (write.AppliedManagers is not null || write.Request.FieldManager.Length > 0)
        {
            Put(item, write.AppliedManagers?.DeepClone() ?? write.CreatedManagers);
        }
    }

    /// <summary>Puts the list into an object that was changed.</summary>
    public static void AfterUpdate(WriteOperation write, CurrentObject current, JsonObject next)
    {
        var stored = current.Node.Metadata()[Member];
        if (write.AppliedManagers is { } applied)
        {
            Put(next, applied.DeepClone());
        }
        else if (IsTracked(write))
        {
            if (stored is not null || write.SentManagers is not null)
            {
                Put(next, Rules(write, write.Definition.Schema).AfterUpdate(current.Node, next, write.SentManagers, ManagerOf(write)));
            }
        }
        else
        {
            Put(next, stored?.DeepClone());
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

    /// <summary>Names that upstream's components have.</summary>
    private static string ComponentOf(string user) =>
        user.StartsWith("system:node:", StringComparison.Ordinal) ? "kubelet"
        : user == "system:kube-scheduler" ? "kube-scheduler"
        : user == "system:apiserver" ? "kube-apiserver"
        : user.StartsWith("system:serviceaccount:kube-system:", StringComparison.Ordinal) ? "kube-controller-manager"
        : user;
}
