using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.Resources.Core.Namespaces;

/// <summary>A namespace lives until the finalizers of its spec are gone; only <c>/finalize</c> removes them.</summary>
internal sealed class NamespaceStrategy : IStrategy
{
    private const string Kubernetes = "kubernetes";

    public void PrepareForCreate(JsonObject item, WriteScope scope)
    {
        item["status"] = new JsonObject { ["phase"] = "Active" };
        var spec = item.Ensure("spec");
        if (spec["finalizers"] is not JsonArray finalizers)
        {
            spec["finalizers"] = finalizers = [];
        }

        if (!finalizers.Any(f => f?.GetValue<string>() == Kubernetes))
        {
            finalizers.Add(Kubernetes);
        }
    }

    public void PrepareForUpdate(JsonObject next, JsonObject current, WriteScope scope)
    {
        if (scope.Subresource.Length == 0)
        {
            next.Ensure("spec").CarryOver("finalizers", current.Object("spec"));
        }
    }

    public bool MustLinger(JsonObject current)
    {
        current.Ensure("status")["phase"] = "Terminating";
        return current.Object("spec")?["finalizers"] is JsonArray { Count: > 0 };
    }
}
