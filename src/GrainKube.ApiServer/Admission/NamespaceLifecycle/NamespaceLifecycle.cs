using System.Text.Json;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;

namespace GrainKube.ApiServer.Admission.NamespaceLifecycle;

/// <summary>Nothing is made in a namespace that is absent or going away, and the namespaces the cluster lives on stay.</summary>
internal sealed class NamespaceLifecycle(IObjectReader objects) : IMutatingAdmission
{
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public string Name => "NamespaceLifecycle";

    public bool Handles(AdmissionRequest request) => request.Is("", "namespaces")
        ? request.Operation == AdmissionOperation.Delete && request.Subresource.Length == 0
        : request.Key.Namespace.Length > 0 && request.Operation != AdmissionOperation.Delete;

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Is("", "namespaces"))
        {
            if (Immortal.Contains(request.Key.Name))
            {
                throw request.Forbidden("this namespace may not be deleted");
            }

            return;
        }

        var name = request.Key.Namespace;
        var found = await objects.FindAsync(CoreKeys.Namespace(name), cancel) ?? throw ApiException.NotFound(new GroupResource("", "namespaces"), name);
        if (request.Operation == AdmissionOperation.Create && IsTerminating(found))
        {
            throw request.Forbidden(
                $"unable to create new content in namespace {name} because it is being terminated",
                new StatusCause("NamespaceTerminating", $"namespace {name} is being terminated", "metadata.namespace"));
        }
    }

    private static bool IsTerminating(KubeObject ns) => ns.Header.DeletionTimestamp is not null || ns.Derive(static item => new NamespacePhase(item)).IsTerminating;

    /// <summary>Read once for each version of a namespace: every create in it asks.</summary>
    private sealed class NamespacePhase
    {
        public NamespacePhase(KubeObject ns)
        {
            using var json = JsonDocument.Parse(ns.Json);
            IsTerminating = json.RootElement.TryGetProperty("status", out var status)
                && status.ValueKind == JsonValueKind.Object
                && status.TryGetProperty("phase", out var phase)
                && phase.ValueKind == JsonValueKind.String
                && phase.ValueEquals("Terminating");
        }

        public bool IsTerminating { get; }
    }
}
