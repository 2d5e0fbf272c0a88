using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Resources.Core.Pods;
using k8s.Models;

namespace GrainKube.Resources.Core.ResourceQuotas;

/// <summary>Which objects a quota with scopes is about. Pure.</summary>
internal static class QuotaScopes
{
    public static bool Match(V1ResourceQuotaSpec quota, GroupResource kind, JsonObject item)
    {
        var requirements = (quota.Scopes ?? []).Select(s => new V1ScopedResourceSelectorRequirement { ScopeName = s, OperatorProperty = "Exists" })
            .Concat(quota.ScopeSelector?.MatchExpressions ?? []).ToList();
        return requirements.TrueForAll(r => kind is { Group: "", Resource: "pods" } ? OfPod(r, item)
            : kind is { Group: "", Resource: "persistentvolumeclaims" } && r.ScopeName == "VolumeAttributesClass" && Named(r, item.Object("spec").Text("volumeAttributesClassName")));
    }

    private static bool OfPod(V1ScopedResourceSelectorRequirement requirement, JsonObject pod)
    {
        var spec = pod.Object("spec") ?? [];
        return requirement.ScopeName switch
        {
            "Terminating" => spec.Number("activeDeadlineSeconds") >= 0,
            "NotTerminating" => !(spec.Number("activeDeadlineSeconds") >= 0),
            "BestEffort" => QualityOfService.Of(spec) == "BestEffort",
            "NotBestEffort" => QualityOfService.Of(spec) != "BestEffort",
            "PriorityClass" => Named(requirement, spec.Text("priorityClassName")),
            "CrossNamespacePodAffinity" => CrossesNamespaces(spec.Object("affinity")),
            _ => false,
        };
    }

    private static bool Named(V1ScopedResourceSelectorRequirement requirement, string name) => requirement.OperatorProperty switch
    {
        "Exists" => name.Length > 0,
        "DoesNotExist" => name.Length == 0,
        "In" => name.Length > 0 && requirement.Values.Contains(name),
        "NotIn" => !(requirement.Values?.Contains(name) == true),
        _ => false,
    };

    private static bool CrossesNamespaces(JsonObject? affinity) =>
        ((string[])["podAffinity", "podAntiAffinity"]).Select(affinity.Object).Any(a =>
            a.Objects("requiredDuringSchedulingIgnoredDuringExecution").Any(Crosses)
            || a.Objects("preferredDuringSchedulingIgnoredDuringExecution").Select(p => p.Object("podAffinityTerm")).Any(Crosses));

    private static bool Crosses(JsonObject? term) => term is not null && (term["namespaces"] is JsonArray { Count: > 0 } || term["namespaceSelector"] is JsonObject);
}
