using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.Nodes;

/// <summary>A pod that is bound to a node gets the node's zone and region as labels, so that its containers can learn where they are.</summary>
internal sealed class PodTopologyLabels(IObjectReader objects) : IMutatingAdmission
{
    private static readonly string[] Copied = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"];

    public string Name => "PodTopologyLabels";

    public bool Handles(AdmissionRequest request) =>
        request.Is("", "pods") && (request.Subresource == "binding" || (request.Operation == AdmissionOperation.Create && request.Subresource.Length == 0 && (string?)request.Object?["spec"]?["nodeName"] is { Length: > 0 }));

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if ((string?)request.Object?["spec"]?["nodeName"] is not { Length: > 0 } name || request.Object["metadata"] is not JsonObject metadata
            || objects.Get(new ObjectKey("", "nodes", "", name)) is not { } node)
        {
            return ValueTask.CompletedTask;
        }

        foreach (var label in Copied)
        {
            if (node.Header.Labels.TryGetValue(label, out var value))
            {
                if (metadata["labels"] is not JsonObject labels)
                {
                    metadata["labels"] = labels = [];
                }

                labels[label] = value;
            }
        }

        return ValueTask.CompletedTask;
    }
}
