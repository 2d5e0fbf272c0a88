using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the metadata of what is made for a pod: it has labels and annotations and nothing else.</summary>
internal static class TemplateMetadataRules
{
    public static void Check(V1ObjectMeta? metadata, FieldErrors errors)
    {
        if (metadata is null)
        {
            return;
        }

        LabelRules.Annotations(metadata.Annotations, errors.At("annotations"));
        LabelRules.Labels(metadata.Labels, errors.At("labels"));
        foreach (var (field, value) in JsonNode.Parse(KubernetesJson.Serialize(metadata))!.AsObject())
        {
            if (field is not ("labels" or "annotations") && value is not null)
            {
                errors.At(field).Forbidden("cannot be set");
            }
        }
    }
}
