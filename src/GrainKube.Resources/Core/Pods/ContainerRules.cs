using GrainKube.ApiMachinery.Validation;
using k8s;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the three lists of containers of a pod.</summary>
internal sealed class ContainerRules(V1PodSpec spec, IReadOnlyDictionary<string, V1Volume> volumes, bool isPod)
{
    private readonly string[] claims = [.. spec.ResourceClaims?.Select(c => c.Name) ?? []];

    public void Regular(FieldErrors errors)
    {
        if (spec.Containers is not { Count: > 0 } containers)
        {
            errors.Required();
            return;
        }

        var names = new SeenTexts();
        for (var i = 0; i < containers.Count; i++)
        {
            var (container, place) = (containers[i], errors.At(i));
            Common(container, place);
            if (!names.Add(container.Name ?? ""))
            {
                place.At("name").Duplicate(container.Name);
            }

            ProbeRules.Check(container, spec.TerminationGracePeriodSeconds, place);
            RestartRules.Check(container, place);
        }

        PortRules.HostPortConflicts(containers, errors);
    }

    public void Init(FieldErrors errors)
    {
        if (spec.InitContainers is not { Count: > 0 })
        {
            return;
        }

        var names = (spec.Containers ?? []).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < spec.InitContainers.Count; i++)
        {
            var (container, place) = (spec.InitContainers[i], errors.At(i));
            Common(container, place);
            RestartRules.Check(container, place);
            if (!string.IsNullOrEmpty(container.Name) && !names.Add(container.Name))
            {
                place.At("name").Duplicate(container.Name);
            }

            PortRules.HostPortConflicts([container], errors);
            if (container.RestartPolicy == "Always")
            {
                ProbeRules.Check(container, spec.TerminationGracePeriodSeconds, place);
                continue;
            }

            ForbidIf(container.Lifecycle, "lifecycle", place);
            ForbidIf(container.LivenessProbe, "livenessProbe", place);
            ForbidIf(container.ReadinessProbe, "readinessProbe", place);
            ForbidIf(container.StartupProbe, "startupProbe", place);
        }

        static void ForbidIf(object? value, string field, FieldErrors place)
        {
            if (value is not null)
            {
                place.At(field).Forbidden("may not be set for init containers without restartPolicy=Always");
            }
        }
    }

    public void Ephemeral(FieldErrors errors)
    {
        if (spec.EphemeralContainers is not { Count: > 0 })
        {
            return;
        }

        var others = (spec.Containers ?? []).Concat(spec.InitContainers ?? []).Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var names = new HashSet<string>(others, StringComparer.Ordinal);
        for (var i = 0; i < spec.EphemeralContainers.Count; i++)
        {
            var (ephemeral, place) = (spec.EphemeralContainers[i], errors.At(i));
            Common(AsContainer(ephemeral), place);
            if (!names.Add(ephemeral.Name ?? ""))
            {
                place.At("name").Duplicate(ephemeral.Name);
            }

            if (!string.IsNullOrEmpty(ephemeral.TargetContainerName) && !others.Contains(ephemeral.TargetContainerName))
            {
                place.At("targetContainerName").NotFound(ephemeral.TargetContainerName);
            }

            OnlyForDebugging(ephemeral, place);
        }
    }

    private static V1Container AsContainer(V1EphemeralContainer ephemeral) =>
        KubernetesJson.Deserialize<V1Container>(KubernetesJson.Serialize(ephemeral));

    private static void OnlyForDebugging(V1EphemeralContainer container, FieldErrors errors)
    {
        const string message = "cannot be set for an Ephemeral Container";
        (string Field, bool IsSet)[] fields =
        [
            ("ports", container.Ports is { Count: > 0 }),
            ("resources", container.Resources is { } r && (r.Limits ?? r.Requests) is { Count: > 0 }),
            ("livenessProbe", container.LivenessProbe is not null),
            ("readinessProbe", container.ReadinessProbe is not null),
            ("startupProbe", container.StartupProbe is not null),
            ("lifecycle", container.Lifecycle is not null),
            ("restartPolicy", container.RestartPolicy is not null),
            ("restartPolicyRules", container.RestartPolicyRules is { Count: > 0 }),
            ("resizePolicy", container.ResizePolicy is { Count: > 0 }),
        ];
        foreach (var (field, isSet) in fields)
        {
            if (isSet)
            {
                errors.At(field).Forbidden(message);
            }
        }

        for (var i = 0; i < container.VolumeMounts?.Count; i++)
        {
            if (!string.IsNullOrEmpty(container.VolumeMounts[i].SubPath))
            {
                errors.At("volumeMounts").At(i).At("subPath").Forbidden(message);
            }

            if (!string.IsNullOrEmpty(container.VolumeMounts[i].SubPathExpr))
            {
                errors.At("volumeMounts").At(i).At("subPathExpr").Forbidden(message);
            }
        }
    }

    private void Common(V1Container container, FieldErrors errors)
    {
        errors.At("name").RequiredName(container.Name, NameRules.DnsLabel);
        errors.At("image").MustBeSet(container.Image);
        if (isPod && container.Image is { } image && image.Trim() != image)
        {
            errors.At("image").Invalid(image, "must not have leading or trailing whitespace");
        }

        errors.At("terminationMessagePolicy").RequiredOneOf(container.TerminationMessagePolicy, "File", "FallbackToLogsOnError");
        PortRules.Check(container.Ports, errors.At("ports"));
        EnvironmentRules.Variables(container.Env, errors.At("env"));
        EnvironmentRules.Sources(container.EnvFrom, errors.At("envFrom"));
        MountRules.Check(container, volumes, errors);
        errors.At("imagePullPolicy").RequiredOneOf(container.ImagePullPolicy, "Always", "IfNotPresent", "Never");
        ResourceRules.Container(container.Resources, claims, errors.At("resources"));
        ResizePolicies(container, errors.At("resizePolicy"));
        SecurityContextRules.Container(container.SecurityContext, spec.HostUsers ?? true, errors.At("securityContext"));
    }

    private void ResizePolicies(V1Container container, FieldErrors errors)
    {
        if (container.ResizePolicy is not { Count: > 0 })
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < container.ResizePolicy.Count; i++)
        {
            var policy = container.ResizePolicy[i];
            if (!seen.Add(policy.ResourceName ?? ""))
            {
                errors.At(i).Duplicate(policy.ResourceName);
            }

            errors.RequiredOneOf(policy.ResourceName, "cpu", "memory");
            errors.RequiredOneOf(policy.RestartPolicy, "NotRequired", "RestartContainer");
            if (spec.RestartPolicy == "Never" && policy.RestartPolicy != "NotRequired")
            {
                errors.Invalid(policy.RestartPolicy, "must be 'NotRequired' when `restartPolicy` is 'Never'");
            }
        }
    }
}
