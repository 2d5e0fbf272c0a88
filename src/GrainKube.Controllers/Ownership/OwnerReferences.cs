using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.Controllers.Ownership;

/// <summary>Owner references as controllers write them.</summary>
internal static class OwnerReferences
{
    /// <summary>The reference of a controlling owner, to be put into a dependent's metadata.</summary>
    public static JsonObject ControllerOf(KubeObject owner) => new()
    {
        ["apiVersion"] = owner.Header.ApiVersion,
        ["kind"] = owner.Header.Kind,
        ["name"] = owner.Header.Name,
        ["uid"] = owner.Header.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>A merge patch that adds <paramref name="owner"/> as the controller of <paramref name="dependent"/>.</summary>
    public static JsonObject Adoption(KubeObject dependent, KubeObject owner)
    {
        var references = Existing(dependent);
        references.Add(ControllerOf(owner));
        return Patch(dependent, references);
    }

    /// <summary>A merge patch that takes away every reference to <paramref name="ownerUid"/>.</summary>
    public static JsonObject Release(KubeObject dependent, string ownerUid)
    {
        var kept = Existing(dependent).Where(r => r!["uid"]!.GetValue<string>() != ownerUid).Select(r => r!.DeepClone()).ToArray();
        return Patch(dependent, new JsonArray(kept));
    }

    /// <summary>A merge patch after which no owner waits for the end of <paramref name="dependent"/>.</summary>
    public static JsonObject Unblock(KubeObject dependent)
    {
        var references = Existing(dependent);
        foreach (var reference in references)
        {
            reference!["blockOwnerDeletion"] = false;
        }

        return Patch(dependent, references);
    }

    private static JsonArray Existing(KubeObject dependent) =>
        dependent.ToNode()["metadata"]!["ownerReferences"] is JsonArray found ? (JsonArray)found.DeepClone() : [];

    private static JsonObject Patch(KubeObject dependent, JsonArray references) => new()
    {
        ["metadata"] = new JsonObject { ["uid"] = dependent.Header.Uid, ["ownerReferences"] = references },
    };
}
