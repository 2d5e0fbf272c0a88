using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>A name that will be a pod's host name should be a single DNS label, though a subdomain is allowed.</summary>
internal static class DnsLabelWarnings
{
    /// <summary>What keeps the name from being a label, in brackets; null where nothing does.</summary>
    public static string? Of(V1ObjectMeta? metadata) => NameRules.DnsLabel(metadata?.Name ?? "") is { Count: > 0 } wrong ? $"[{string.Join(' ', wrong)}]" : null;
}
