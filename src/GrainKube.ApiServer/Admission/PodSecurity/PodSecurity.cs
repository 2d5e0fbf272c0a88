using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Objects;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Admission.PodSecurity;

/// <summary>Holds pods, and what makes pods, to the Pod Security Standard that their namespace's labels name.</summary>
internal sealed class PodSecurity : IValidatingAdmission
{
    private const string AnnotationPrefix = "pod-security.kubernetes.io/";
    private const string EnforcedKey = AnnotationPrefix + "enforce-policy";

    /// <summary>What is noted of nearly every pod.</summary>
    private const string Unbounded = "privileged:latest";

    // All others may change the pod and are looked at.
    private static readonly string[] HarmlessSubresources = ["exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status"];
    private readonly IObjectReader objects;
    private readonly PodSecurityOptions options;
    private readonly NamespacePolicy defaults;

    /// <exception cref="ArgumentException">A level of the options is none.</exception>
    public PodSecurity(IObjectReader objects, IOptions<PodSecurityOptions> options)
    {
        (this.objects, this.options) = (objects, options.Value);
        defaults = new NamespacePolicy(Parse(this.options.Enforce), Parse(this.options.Audit), Parse(this.options.Warn));
        Labels = new NamespaceLabels(objects, this.options, defaults);
    }

    public string Name => "PodSecurity";

    private NamespaceLabels Labels { get; }

    public bool Handles(AdmissionRequest request) =>
        request.Operation is AdmissionOperation.Create or AdmissionOperation.Update
        && request.Object is not null
        && (request.Is("", "pods")
            ? !HarmlessSubresources.Contains(request.Subresource)
            : request.Subresource.Length == 0 && (request.Is("", "namespaces") || MakesPods(request.Key)));

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Is("", "namespaces"))
        {
            Labels.Check(request);
        }
        else if (Exemption(request) is { } reason)
        {
            request.AuditAnnotations[$"{AnnotationPrefix}exempt"] = reason;
        }
        else if (await objects.FindAsync(CoreKeys.Namespace(request.Key.Namespace), cancel) is { } ns)
        {
            Check(request, NamespacePolicy.Of(ns, defaults), request.Is("", "pods"));
        }
    }

    private static bool MakesPods(ObjectKey key) => (key.Group, key.Resource) is
        ("", "podtemplates" or "replicationcontrollers") or ("apps", "replicasets" or "deployments" or "statefulsets" or "daemonsets") or ("batch", "jobs" or "cronjobs");

    private string? Exemption(AdmissionRequest request) =>
        options.ExemptNamespaces.Contains(request.Key.Namespace) ? "namespace"
        : options.ExemptUsernames.Contains(request.User.Name) ? "user"
        : null;

    private void Check(AdmissionRequest request, NamespacePolicy policy, bool isPod)
    {
        if (policy.IsPrivileged || (!isPod && policy is { Audit.Level: SecurityLevel.Privileged, Warn.Level: SecurityLevel.Privileged }))
        {
            if (isPod)
            {
                request.AuditAnnotations[EnforcedKey] = Unbounded;
            }

            return;
        }

        var pod = isPod ? new CheckedPod(request.Object!["metadata"] as JsonObject, request.Object["spec"] as JsonObject ?? []) : CheckedPod.OfWorkload(request.Key.Resource, request.Object!);
        if (pod is null || (isPod && request.Operation == AdmissionOperation.Update && !PodChange.Matters(request.Object!, request.Current)))
        {
            return;
        }

        if ((string?)pod.Spec["runtimeClassName"] is { Length: > 0 } runtime && options.ExemptRuntimeClasses.Contains(runtime))
        {
            request.AuditAnnotations[$"{AnnotationPrefix}exempt"] = "runtimeClass";
            return;
        }

        Note(request, policy, pod);
        if (isPod)
        {
            request.AuditAnnotations[EnforcedKey] = policy.Enforce.ToString();
            if (Wrong(policy.Enforce, pod) is { } refused)
            {
                throw request.Forbidden($"violates {refused}");
            }
        }

        if (Wrong(policy.Warn, pod) is { } warned)
        {
            request.Warnings.Add($"would violate {warned}");
        }
    }

    private static void Note(AdmissionRequest request, NamespacePolicy policy, CheckedPod pod)
    {
        if (Wrong(policy.Audit, pod) is { } noted)
        {
            request.AuditAnnotations[$"{AnnotationPrefix}audit-violations"] = $"would violate {noted}";
        }
    }

    private static string? Wrong(LevelVersion wanted, CheckedPod pod) =>
        SecurityStandards.Violations(wanted, pod) is { Count: > 0 } found ? $"PodSecurity \"{wanted}\": {SecurityStandards.Describe(found)}" : null;

    private static LevelVersion Parse(string text) =>
        text.Split(':') is [var level, var version] && LevelVersion.TryParseLevel(level, out var read) && LevelVersion.TryParseVersion(version, out var minor)
            ? new LevelVersion(read, minor)
            : throw new ArgumentException($"'{text}' is no level and version of the Pod Security Standards", nameof(text));
}
