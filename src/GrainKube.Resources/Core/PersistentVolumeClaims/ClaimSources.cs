using System.Text.Json.Nodes;

namespace GrainKube.Resources.Core.PersistentVolumeClaims;

/// <summary>The two fields that say what a claim's volume begins with. They say the same; what <c>dataSource</c> may not name is dropped without a word, as ever. Source of the rules: KEP 1495.</summary>
internal static class ClaimSources
{
    private const string Old = "dataSource";
    private const string New = "dataSourceRef";

    /// <param name="spec">Of the claim; changed in place.</param>
    /// <param name="before">What is stored; null on create.</param>
    public static void Settle(JsonObject? spec, JsonObject? before)
    {
        if (spec is null || before?[Old] is null != before?[New] is null)
        {
            return; // stored when only one of them was kept, and not to be changed any more
        }

        var known = before?[New] is not null;
        if (!known && spec.Object(New).Text("namespace").Length > 0)
        {
            spec.Remove(New); // of other namespaces: not served
        }

        if (!known && spec[New] is null && spec[Old] is JsonObject named && !IsClaimOrSnapshot(named))
        {
            spec.Remove(Old);
        }

        if (spec[Old] is JsonObject old && spec[New] is null)
        {
            spec[New] = old.DeepClone();
        }
        else if (spec[New] is JsonObject reference && spec[Old] is null && reference.Text("namespace").Length == 0)
        {
            var copy = reference.DeepClone().AsObject();
            copy.Remove("namespace");
            spec[Old] = copy;
        }
    }

    private static bool IsClaimOrSnapshot(JsonObject named) => (named.Text("apiGroup"), named.Text("kind")) is ("", "PersistentVolumeClaim") or ("snapshot.storage.k8s.io", "VolumeSnapshot");
}
