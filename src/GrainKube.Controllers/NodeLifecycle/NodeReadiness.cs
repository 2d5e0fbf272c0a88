using k8s.Models;

namespace GrainKube.Controllers.NodeLifecycle;

/// <summary>What a node says of itself.</summary>
internal static class NodeReadiness
{
    public static bool IsReady(V1Node node) => node.Spec?.Unschedulable != true && node.Status?.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) == true;
}
