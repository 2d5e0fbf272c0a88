using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Warnings about kinds whose controllers make pods from a template.</summary>
internal static class WorkloadWarnings
{
    /// <summary>Said once, when the object comes: its name cannot be changed later.</summary>
    public static void Name(V1ObjectMeta? metadata, object? current, IList<string> warnings)
    {
        if (current is null && DnsLabelWarnings.Of(metadata) is { } wrong)
        {
            warnings.Add($"metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: {wrong}");
        }
    }

    /// <summary>Said of a template that comes or whose owner's spec changes, and not when somebody only labels the owner.</summary>
    /// <param name="template">The template.</param>
    /// <param name="path">Where it stands in its owner.</param>
    /// <param name="owner">Its owner's metadata, as written and as they are; the latter null on create.</param>
    /// <param name="warnings">Where they are added.</param>
    public static void Template(V1PodTemplateSpec? template, string path, (V1ObjectMeta? Next, V1ObjectMeta? Current) owner, IList<string> warnings)
    {
        if (owner.Current is null || owner.Next?.Generation != owner.Current.Generation)
        {
            PodWarnings.Add(template?.Metadata, template?.Spec, path + ".", warnings);
        }
    }
}
