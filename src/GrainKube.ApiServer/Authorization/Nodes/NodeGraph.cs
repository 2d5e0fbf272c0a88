using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Admission;

namespace GrainKube.ApiServer.Authorization.Nodes;

/// <summary>Follows the ways from a node over its pods to what they need. It holds nothing: the pods of a node are few, and what each refers to is kept with the pod.</summary>
internal sealed class NodeGraph(IObjectReader objects)
{
    private static readonly GroupResource Pods = new("", "pods");

    public bool ReachesPod(string node, string ns, string name) => NodeOf(objects.Get(CoreKeys.Pod(ns, name))) == node;

    public bool ReachesConfigMap(string node, string ns, string name) => References(node, ns).Any(r => r.ConfigMaps.Contains(name));

    public bool ReachesAccount(string node, string ns, string name) => References(node, ns).Any(r => r.Account == name);

    public bool ReachesClaim(string node, string ns, string name) => References(node, ns).Any(r => r.Claims.Contains(name));

    public bool ReachesResourceClaim(string node, string ns, string name) => References(node, ns).Any(r => r.ResourceClaims.Contains(name));

    public bool ReachesAttachment(string node, string name) =>
        (string?)objects.Get(new ObjectKey("storage.k8s.io", "volumeattachments", "", name))?.ToNode()["spec"]?["nodeName"] == node;

    public bool ReachesSlice(string node, string name) => (string?)objects.Get(new ObjectKey("resource.k8s.io", "resourceslices", "", name))?.ToNode()["spec"]?["nodeName"] == node;

    /// <summary>A volume whose claim a pod has.</summary>
    public bool ReachesVolume(string node, string name)
    {
        var claim = objects.Get(new ObjectKey("", "persistentvolumes", "", name))?.ToNode()["spec"]?["claimRef"];
        return claim is not null && ReachesClaim(node, (string?)claim["namespace"] ?? "", (string?)claim["name"] ?? "");
    }

    /// <summary>A Secret that a pod refers to, or the volume of a claim of a pod.</summary>
    public bool ReachesSecret(string node, string ns, string name) =>
        References(node, ns).Any(r => r.Secrets.Contains(name)) || PodsOn(node).Any(pod => VolumesOf(pod).Any(v => PodReferences.SecretsOf(v, pod.Key.Namespace).Contains((ns, name))));

    private IEnumerable<KubeObject> PodsOn(string node) => objects.With(Pods, "spec.nodeName", node);

    private IEnumerable<PodReferences> References(string node, string ns) => PodsOn(node).Where(p => p.Key.Namespace == ns).Select(PodReferences.Of);

    private IEnumerable<System.Text.Json.Nodes.JsonObject> VolumesOf(KubeObject pod)
    {
        foreach (var claim in PodReferences.Of(pod).Claims)
        {
            if ((string?)objects.Get(new ObjectKey("", "persistentvolumeclaims", pod.Key.Namespace, claim))?.ToNode()["spec"]?["volumeName"] is { Length: > 0 } name
                && objects.Get(new ObjectKey("", "persistentvolumes", "", name)) is { } volume)
            {
                yield return volume.ToNode();
            }
        }
    }

    private static string? NodeOf(KubeObject? pod) => (string?)pod?.ToNode()["spec"]?["nodeName"];
}
