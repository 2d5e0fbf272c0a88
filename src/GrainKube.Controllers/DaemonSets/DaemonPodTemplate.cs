using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Controllers.PodTemplates;
using k8s;
using k8s.Models;

namespace GrainKube.Controllers.DaemonSets;

/// <summary>The pod that a daemon set puts on one node.</summary>
internal static class DaemonPodTemplate
{
    /// <param name="set">The set.</param>
    /// <param name="node">Its JSON.</param>
    /// <param name="tolerations">What the pod tolerates, the automatic tolerations included.</param>
    /// <param name="hash">Hash of the revision.</param>
    /// <param name="target">The node.</param>
    public static JsonObject Pod(KubeObject set, JsonNode node, IEnumerable<V1Toleration> tolerations, string hash, string target)
    {
        var pod = PodsFromTemplate.Pod(set, node["spec"]!["template"]!);
        var labels = Member((JsonObject)pod["metadata"]!, "labels");
        labels[DaemonSetLabels.RevisionHash] = hash;
        if (node["metadata"]?["annotations"]?[DaemonSetLabels.TemplateGenerationOfSet] is { } generation)
        {
            labels[DaemonSetLabels.TemplateGeneration] = generation.DeepClone();
        }

        var spec = (JsonObject)pod["spec"]!;
        spec["tolerations"] = JsonNode.Parse(KubernetesJson.Serialize(tolerations));

        // The set has looked at the other required terms itself; the scheduler has nothing left to choose.
        Member(Member(spec, "affinity"), "nodeAffinity")["requiredDuringSchedulingIgnoredDuringExecution"] = new JsonObject
        {
            ["nodeSelectorTerms"] = new JsonArray(new JsonObject
            {
                ["matchFields"] = new JsonArray(new JsonObject { ["key"] = "metadata.name", ["operator"] = "In", ["values"] = new JsonArray(target) }),
            }),
        };
        return pod;
    }

    private static JsonObject Member(JsonObject of, string name)
    {
        if (of[name] is not JsonObject member)
        {
            of[name] = member = [];
        }

        return member;
    }
}
