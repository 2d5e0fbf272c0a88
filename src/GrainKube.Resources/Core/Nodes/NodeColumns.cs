using GrainKube.Resources.Columns;
using k8s.Models;

namespace GrainKube.Resources.Core.Nodes;

internal sealed class NodeColumns : KindColumns<V1Node>
{
    private const string RolePrefix = "node-role.kubernetes.io/";
    private const string RoleLabel = "kubernetes.io/role";

    public NodeColumns()
    {
        Name();
        Text("Status", Status, "The status of the node");
        Text("Roles", Roles, "The roles of the node");
        Age();
        Text("Version", node => node.Status?.NodeInfo?.KubeletVersion, "Kubelet Version reported by the node.");
        WideText("Internal-IP", node => Address(node, "InternalIP"), "Addresses by which the node is reached in the cluster.");
        WideText("External-IP", node => Address(node, "ExternalIP"), "Addresses by which the node is reached from outside.");
        WideText("OS-Image", node => OrUnknown(node.Status?.NodeInfo?.OsImage), "The node's operating system.");
        WideText("Kernel-Version", node => OrUnknown(node.Status?.NodeInfo?.KernelVersion), "The node's kernel.");
        WideText("Container-Runtime", node => OrUnknown(node.Status?.NodeInfo?.ContainerRuntimeVersion), "What runs the node's containers.");
    }

    private static string Status(V1Node node)
    {
        var ready = node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready")?.Status switch
        {
            "True" => "Ready",
            null => "Unknown",
            _ => "NotReady",
        };
        return node.Spec?.Unschedulable == true ? ready + ",SchedulingDisabled" : ready;
    }

    private static string Roles(V1Node node)
    {
        var roles = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in node.Metadata?.Labels ?? new Dictionary<string, string>())
        {
            if (key.StartsWith(RolePrefix, StringComparison.Ordinal) && key.Length > RolePrefix.Length)
            {
                roles.Add(key[RolePrefix.Length..]);
            }
            else if (key == RoleLabel && value.Length > 0)
            {
                roles.Add(value);
            }
        }

        return CellTexts.OrNone(string.Join(',', roles));
    }

    private static string Address(V1Node node, string type) => CellTexts.OrNone(node.Status?.Addresses?.FirstOrDefault(a => a.Type == type)?.Address);

    private static string OrUnknown(string? text) => string.IsNullOrEmpty(text) ? "<unknown>" : text;
}
