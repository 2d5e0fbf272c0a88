using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiServer.Authorization.Nodes;
using GrainKube.Resources.Certificates.CertificateSigningRequests;

namespace GrainKube.ApiServer.Admission.Nodes;

/// <summary>A kubelet writes its own node, its lease, and the pods that are bound to it, and nothing else of these kinds.</summary>
internal sealed class NodeRestriction(IObjectReader objects) : IValidatingAdmission
{
    private const string LeaseNamespace = "kube-node-lease";
    private static readonly string[] NodeSigners = ["kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/kubelet-serving"];

    public string Name => "NodeRestriction";

    public bool Handles(AdmissionRequest request) => request.Operation != AdmissionOperation.Connect && NodeIdentity.TryRead(request.User, out _);

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        _ = NodeIdentity.TryRead(request.User, out var node);
        if (Complaint(request, node!) is { } complaint)
        {
            throw request.Forbidden(complaint);
        }

        return ValueTask.CompletedTask;
    }

    private string? Complaint(AdmissionRequest request, string node) => (request.Key.Group, request.Key.Resource, request.Subresource) switch
    {
        ("", "pods", "") => Pod(request, node),
        ("", "pods", "status") => PodStatus(request, node),
        ("", "pods", "eviction") => NodeOf(Existing(request)) == node ? null : $"node {node} can only evict pods with spec.nodeName set to itself",
        ("", "pods", var other) => $"unexpected pod subresource \"{other}\", only 'status' and 'eviction' are allowed",
        ("", "nodes", _) => Node(request, node),
        ("", "persistentvolumeclaims", "status") => ClaimStatus(request, node),
        ("", "persistentvolumeclaims", _) => "may only update PVC status",
        ("", "serviceaccounts", "token") => Token(request, node),
        ("coordination.k8s.io", "leases", _) => request.Key.Namespace != LeaseNamespace ? $"can only access leases in the \"{LeaseNamespace}\" system namespace"
            : request.Key.Name != node ? "can only access node lease with the same name as the requesting node"
            : null,
        ("storage.k8s.io", "csinodes", _) => request.Key.Name == node ? null : "can only access CSINode with the same name as the requesting node",
        ("resource.k8s.io", "resourceslices", _) => NodeOf(request.Object ?? request.Current) == node ? null
            : request.Operation == AdmissionOperation.Create ? "can only create ResourceSlice with the same NodeName as the requesting node"
            : "can only delete ResourceSlice with the same NodeName as the requesting node",
        ("certificates.k8s.io", "certificatesigningrequests", "") when request.Operation == AdmissionOperation.Create => Certificate(request),
        ("certificates.k8s.io", "podcertificaterequests", "") when request.Operation == AdmissionOperation.Create => PodCertificate(request, node),
        _ => null,
    };

    private string? Pod(AdmissionRequest request, string node) => request.Operation switch
    {
        AdmissionOperation.Create => MirrorPod.Complaint(request.Object!, node, () => objects.Get(new ObjectKey("", "nodes", "", node))?.Header.Uid),
        AdmissionOperation.Delete => NodeOf(request.Current) == node ? null : $"node \"{node}\" can only delete pods with spec.nodeName set to itself",
        _ => $"unexpected operation \"{request.Operation.ToString().ToUpperInvariant()}\", node \"{node}\" can only create and delete mirror pods",
    };

    private static string? PodStatus(AdmissionRequest request, string node) =>
        request.Operation != AdmissionOperation.Update ? $"unexpected operation \"{request.Operation.ToString().ToUpperInvariant()}\""
        : NodeOf(request.Current) != node ? $"node \"{node}\" can only update pod status for pods with spec.nodeName set to itself"
        : !JsonNode.DeepEquals(request.Object!["metadata"]?["labels"], request.Current!["metadata"]?["labels"]) ? $"node \"{node}\" cannot update labels through pod status"
        : !JsonNode.DeepEquals(request.Object["status"]?["resourceClaimStatuses"], request.Current["status"]?["resourceClaimStatuses"]) ? $"node \"{node}\" cannot update resource claim statues"
        : null;

    private static string? Node(AdmissionRequest request, string node)
    {
        if (request.Key.Name != node)
        {
            return $"node \"{node}\" is not allowed to modify node \"{request.Key.Name}\"";
        }

        if (request.Object is not { } next)
        {
            return null;
        }

        var creates = request.Operation == AdmissionOperation.Create;
        if (next["spec"]?["configSource"] is { } source && (creates || !JsonNode.DeepEquals(source, request.Current?["spec"]?["configSource"])))
        {
            return creates ? $"node \"{node}\" is not allowed to create pods with a non-nil configSource" : $"node \"{node}\" is not allowed to update configSource to a new non-nil configSource";
        }

        if (!creates && !JsonNode.DeepEquals(next["spec"]?["taints"], request.Current?["spec"]?["taints"]))
        {
            return $"node \"{node}\" is not allowed to modify taints";
        }

        if (!creates && !JsonNode.DeepEquals(next["metadata"]?["ownerReferences"], request.Current?["metadata"]?["ownerReferences"]))
        {
            return $"node \"{node}\" is not allowed to modify ownerReferences";
        }

        var forbidden = KubeletLabels.ForbiddenChanges(LabelsOf(next), LabelsOf(request.Current));
        return forbidden.Length == 0 ? null
            : creates ? $"node \"{node}\" is not allowed to set the following labels: {string.Join(", ", forbidden)}"
            : $"is not allowed to modify labels: {string.Join(", ", forbidden)}";
    }

    private static string? ClaimStatus(AdmissionRequest request, string node)
    {
        if (request.Operation != AdmissionOperation.Update)
        {
            return $"unexpected operation \"{request.Operation.ToString().ToUpperInvariant()}\"";
        }

        return JsonNode.DeepEquals(Rest(request.Object!), Rest(request.Current!)) ? null : $"node \"{node}\" is not allowed to update fields other than status.quantity and status.conditions";

        static JsonNode Rest(JsonObject claim)
        {
            var rest = claim.DeepClone();
            (rest["metadata"] as JsonObject)?.Remove("managedFields");
            (rest["metadata"] as JsonObject)?.Remove("resourceVersion");
            foreach (var field in (ReadOnlySpan<string>)["capacity", "conditions", "allocatedResourceStatuses", "allocatedResources"])
            {
                (rest["status"] as JsonObject)?.Remove(field);
            }

            return rest;
        }
    }

    private string? Token(AdmissionRequest request, string node)
    {
        var bound = request.Object?["spec"]?["boundObjectRef"];
        if ((string?)bound?["apiVersion"] != "v1" || (string?)bound["kind"] != "Pod" || (string?)bound["name"] is not { Length: > 0 } name)
        {
            return "node requested token not bound to a pod";
        }

        if ((string?)bound["uid"] is not { Length: > 0 } uid)
        {
            return "node requested token with a pod binding without a uid";
        }

        var pod = objects.Get(CoreKeys.Pod(request.Key.Namespace, name)) ?? throw ApiException.NotFound(new GroupResource("", "pods"), name);
        return pod.Header.Uid != uid ? $"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated"
            : NodeOf(pod.ToNode()) != node ? "node requested token bound to a pod scheduled on a different node"
            : null;
    }

    /// <summary>A node asks for certificates of the pods that run on it, as they are.</summary>
    private string? PodCertificate(AdmissionRequest request, string node)
    {
        var spec = request.Object?["spec"];
        var name = (string?)spec?["podName"] ?? "";
        if ((string?)spec?["nodeName"] != node)
        {
            return $"PodCertificateRequest.Spec.NodeName=\"{spec?["nodeName"]}\", which is not the requesting node \"{node}\"";
        }

        var pod = objects.Get(CoreKeys.Pod(request.Key.Namespace, name)) ?? throw ApiException.NotFound(new GroupResource("", "pods"), name);
        var account = (string?)pod.ToNode()["spec"]?["serviceAccountName"] ?? "";
        return pod.Header.Uid != (string?)spec["podUID"] ? $"PodCertificateRequest for pod \"{name}\" contains pod UID (\"{spec["podUID"]}\") which differs from running pod \"{pod.Header.Uid}\""
            : NodeOf(pod.ToNode()) != node ? $"pod \"{name}\" is not running on node named in PodCertificateRequest"
            : account != (string?)spec["serviceAccountName"] ? $"PodCertificateRequest for pod \"{name}\" contains serviceAccountName (\"{spec["serviceAccountName"]}\") that differs from running pod (\"{account}\")"
            : null;
    }

    private static string? Certificate(AdmissionRequest request)
    {
        if (!NodeSigners.Contains((string?)request.Object?["spec"]?["signerName"]))
        {
            return null;
        }

        try
        {
            return SigningRequest.Parse((string?)request.Object!["spec"]!["request"]).CommonName == request.User.Name ? null : $"can only create a node CSR with CN={request.User.Name}";
        }
        catch (FormatException malformed)
        {
            return $"unable to parse csr: {malformed.Message}";
        }
    }

    private JsonObject? Existing(AdmissionRequest request) => request.Current ?? objects.Get(CoreKeys.Pod(request.Key.Namespace, request.Key.Name))?.ToNode();

    private static string? NodeOf(JsonNode? item) => (string?)item?["spec"]?["nodeName"];

    private static Dictionary<string, string> LabelsOf(JsonObject? item) =>
        item?["metadata"]?["labels"] is JsonObject labels ? labels.ToDictionary(l => l.Key, l => (string?)l.Value ?? "") : [];
}
