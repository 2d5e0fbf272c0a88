using GrainKube.ApiMachinery.Definitions;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

internal sealed class PodDefinition : BuiltInDefinition<V1Pod>
{
    public PodDefinition()
        : base(ResourceNames.InNamespace("", "v1", "pods", "Pod", "po") with { Categories = ["all"] })
    {
        WithStatus();
        KeptByStatus = ["ownerReferences"];
        Uses(new PodColumns());
        Uses(new PodDefaults());
        Uses(new PodStrategy());
        Uses(new PodValidator());
        ReturnsDeletedObject = true;
        Subresources = [PodBinding.Subresource, PodEphemeralContainers.Subresource, PodResize.Subresource];
        ServedSubresources =
        [
            new("attach", "PodAttachOptions", ["create", "get"]),
            new("eviction", "Eviction", ["create"], "policy", "v1"),
            new("exec", "PodExecOptions", ["create", "get"]),
            new("log", "Pod", ["get"]),
            new("portforward", "PodPortForwardOptions", ["create", "get"]),
            new("proxy", "PodProxyOptions", ["create", "delete", "get", "patch", "update"]),
        ];
        Selects("spec.nodeName");
        Selects("spec.restartPolicy");
        Selects("spec.schedulerName");
        Selects("spec.serviceAccountName");
        Selects("spec.hostNetwork", absent: "false");
        Selects("status.phase");
        Selects("status.podIP");
        Selects("status.podIPs", FieldPath.Reader("status.podIP"));
        Selects("status.nominatedNodeName");
    }
}
