using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Namespaces;

/// <summary><c>namespaces/finalize</c>: the owner of <c>spec.finalizers</c>. A namespace that is being deleted goes when the last of them does.</summary>
internal static class NamespaceFinalize
{
    public static readonly Subresource Subresource = new()
    {
        Name = "finalize",
        Group = "",
        Version = "v1",
        Kind = "Namespace",
        Verbs = ["update"],
        Apply = Finalize,
    };

    private static void Finalize(JsonObject item, JsonObject body, WriteScope scope)
    {
        if (item["spec"] is not JsonObject spec)
        {
            item["spec"] = spec = [];
        }

        spec.CarryOver("finalizers", body["spec"] as JsonObject);
    }
}
