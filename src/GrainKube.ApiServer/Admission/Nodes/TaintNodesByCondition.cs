using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;

namespace GrainKube.ApiServer.Admission.Nodes;

/// <summary>A new node takes no pods before it was seen to be ready: the node lifecycle controller takes the taint off.</summary>
internal sealed class TaintNodesByCondition : IMutatingAdmission
{
    private const string NotReady = "node.kubernetes.io/not-ready";
    private const string Effect = "NoSchedule";

    public string Name => "TaintNodesByCondition";

    public bool Handles(AdmissionRequest request) => request.Creates("", "nodes");

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Object!["spec"] is not JsonObject spec)
        {
            request.Object["spec"] = spec = [];
        }

        if (spec["taints"] is not JsonArray taints)
        {
            spec["taints"] = taints = [];
        }

        if (!taints.Any(t => (string?)t?["key"] == NotReady && (string?)t["effect"] == Effect))
        {
            taints.Add((JsonNode)new JsonObject { ["key"] = NotReady, ["effect"] = Effect });
        }

        return ValueTask.CompletedTask;
    }
}
