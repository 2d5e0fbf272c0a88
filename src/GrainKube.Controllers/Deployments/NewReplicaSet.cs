using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.Ownership;
using GrainKube.Controllers.PodTemplates;

namespace GrainKube.Controllers.Deployments;

/// <summary>The ReplicaSet for a deployment's template.</summary>
internal static class NewReplicaSet
{
    public static JsonObject For(KubeObject deployment, JsonNode node, string hash, int size, int desired, int most, long revision)
    {
        var template = node["spec"]!["template"]!.DeepClone();
        Label(template, hash);
        var selector = node["spec"]!["selector"]!.DeepClone();
        if (selector["matchLabels"] is not JsonObject match)
        {
            selector["matchLabels"] = match = [];
        }

        match[PodTemplate.HashLabel] = hash;
        var annotations = new JsonObject
        {
            [DeploymentAnnotations.DesiredReplicas] = desired.ToString(CultureInfo.InvariantCulture),
            [DeploymentAnnotations.MaxReplicas] = most.ToString(CultureInfo.InvariantCulture),
            [DeploymentAnnotations.Revision] = revision.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in DeploymentAnnotations.Inherited(node))
        {
            annotations[name] = value;
        }

        return new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "ReplicaSet",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Header.Name}-{hash}",
                ["namespace"] = deployment.Key.Namespace,
                ["labels"] = template["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(OwnerReferences.ControllerOf(deployment)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = size,
                ["minReadySeconds"] = node["spec"]!["minReadySeconds"]?.DeepClone() ?? 0,
                ["selector"] = selector,
                ["template"] = template,
            },
        };
    }

    private static void Label(JsonNode template, string hash)
    {
        var metadata = template["metadata"] as JsonObject ?? [];
        if (metadata.Parent is null)
        {
            template["metadata"] = metadata;
        }

        if (metadata["labels"] is not JsonObject labels)
        {
            metadata["labels"] = labels = [];
        }

        labels[PodTemplate.HashLabel] = hash;
    }
}
