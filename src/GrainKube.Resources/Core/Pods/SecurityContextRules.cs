using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for the security settings of pods and containers.</summary>
internal static partial class SecurityContextRules
{
    private const string SysctlFormat = @"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
    private const int LongestPath = 4095;
    private static readonly string[] ProfileTypes = ["Localhost", "RuntimeDefault", "Unconfined"];

    public static void Pod(V1PodSpec spec, FieldErrors errors)
    {
        if (spec.SecurityContext is not { } context)
        {
            return;
        }

        Id(context.FsGroup, errors.At("fsGroup"));
        Id(context.RunAsUser, errors.At("runAsUser"));
        Id(context.RunAsGroup, errors.At("runAsGroup"));
        for (var i = 0; i < context.SupplementalGroups?.Count; i++)
        {
            Id(context.SupplementalGroups[i], errors.At("supplementalGroups").At(i));
        }

        if (spec.ShareProcessNamespace == true && spec.HostPID == true)
        {
            errors.At("shareProcessNamespace").Invalid(true, "ShareProcessNamespace and HostPID cannot both be enabled");
        }

        Sysctls(spec, context, errors.At("sysctls"));
        errors.At("fsGroupChangePolicy").OneOf(context.FsGroupChangePolicy, "Always", "OnRootMismatch");
        Seccomp(context.SeccompProfile, errors.At("seccompProfile"));
        WindowsRules.Options(context.WindowsOptions, errors.At("windowsOptions"));
        AppArmor(context.AppArmorProfile, errors.At("appArmorProfile"));
        errors.At("supplementalGroupsPolicy").OneOf(context.SupplementalGroupsPolicy, "Merge", "Strict");
        errors.At("seLinuxChangePolicy").OneOf(context.SeLinuxChangePolicy, "MountOption", "Recursive");
    }

    public static void Container(V1SecurityContext? context, bool hostUsers, FieldErrors errors)
    {
        if (context is null)
        {
            return;
        }

        Id(context.RunAsUser, errors.At("runAsUser"));
        Id(context.RunAsGroup, errors.At("runAsGroup"));
        errors.At("procMount").OneOf(context.ProcMount, "Default", "Unmasked");
        if (hostUsers && context.ProcMount == "Unmasked")
        {
            errors.At("procMount").Invalid(context.ProcMount, "`hostUsers` must be false to use `Unmasked`");
        }

        Seccomp(context.SeccompProfile, errors.At("seccompProfile"));
        if (context.AllowPrivilegeEscalation == false)
        {
            if (context.Privileged == true)
            {
                errors.Invalid(context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
            }

            if (context.Capabilities?.Add?.Contains("CAP_SYS_ADMIN") == true)
            {
                errors.Invalid(context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
            }
        }

        WindowsRules.Options(context.WindowsOptions, errors.At("windowsOptions"));
        AppArmor(context.AppArmorProfile, errors.At("appArmorProfile"));
    }

    /// <summary>A pod with users of its own shares no other namespace with the host.</summary>
    public static void HostUsers(V1PodSpec spec, FieldErrors errors)
    {
        if (spec.HostUsers != false)
        {
            return;
        }

        const string why = "when `hostUsers` is false";
        ForbidIf(spec.HostNetwork, "hostNetwork");
        ForbidIf(spec.HostPID, "hostPID");
        ForbidIf(spec.HostIPC, "hostIPC");
        Devices(spec.InitContainers, errors.At("initContainers"));
        Devices(spec.Containers, errors.At("containers"));

        // A host's block device does not know of other users.
        static void Devices(IList<V1Container>? containers, FieldErrors errors)
        {
            for (var i = 0; i < containers?.Count; i++)
            {
                if (containers[i].VolumeDevices is { Count: > 0 })
                {
                    errors.At(i).At("volumeDevices").Forbidden(why);
                }
            }
        }

        void ForbidIf(bool? set, string field)
        {
            if (set == true)
            {
                errors.At(field).Forbidden(why);
            }
        }
    }

    private static void Id(long? id, FieldErrors errors)
    {
        if (id is { } value)
        {
            errors.Report(value, NameRules.UnixId(value));
        }
    }

    private static void Sysctls(V1PodSpec spec, V1PodSecurityContext context, FieldErrors errors)
    {
        if (context.Sysctls is not { Count: > 0 })
        {
            return;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < context.Sysctls.Count; i++)
        {
            var name = context.Sysctls[i].Name ?? "";
            var place = errors.At(i).At("name");
            if (name.Length == 0)
            {
                place.Required();
            }
            else if (name.Length > 253 || !SysctlName().IsMatch(name))
            {
                place.Invalid(name, $"must have at most 253 characters and match regex {SysctlFormat}");
            }
            else if (!names.Add(name))
            {
                place.Duplicate(name);
            }

            var dotted = name.Replace('/', '.');
            if (spec.HostNetwork == true && dotted.StartsWith("net.", StringComparison.Ordinal))
            {
                place.Invalid(name, "may not be specified when 'hostNetwork' is true");
            }
            else if (spec.HostIPC == true && (dotted.StartsWith("kernel.sem", StringComparison.Ordinal) || dotted.StartsWith("kernel.shm", StringComparison.Ordinal)
                || dotted.StartsWith("kernel.msg", StringComparison.Ordinal) || dotted.StartsWith("fs.mqueue.", StringComparison.Ordinal)))
            {
                place.Invalid(name, "may not be specified when 'hostIPC' is true");
            }
        }
    }

    private static void Seccomp(V1SeccompProfile? profile, FieldErrors errors)
    {
        if (profile is null)
        {
            return;
        }

        ProfileType(profile.Type, "seccompProfile", errors);
        if (profile.Type == "Localhost")
        {
            if (profile.LocalhostProfile is null)
            {
                errors.At("localhostProfile").Required("must be set when seccomp type is Localhost");
            }

            PathRules.LocalDescending(profile.LocalhostProfile, errors.At("localhostProfile"));
        }
        else if (profile.LocalhostProfile is not null)
        {
            errors.At("localhostProfile").Invalid(profile, "can only be set when seccomp type is Localhost");
        }
    }

    private static void AppArmor(V1AppArmorProfile? profile, FieldErrors errors)
    {
        if (profile is null)
        {
            return;
        }

        ProfileType(profile.Type, "appArmorProfile", errors);
        var place = errors.At("localhostProfile");
        if (profile.Type == "Localhost")
        {
            if (string.IsNullOrEmpty(profile.LocalhostProfile))
            {
                place.Required("must be set when AppArmor type is Localhost");
            }
            else if (profile.LocalhostProfile.Trim() != profile.LocalhostProfile)
            {
                place.Invalid(profile.LocalhostProfile, "must not be padded with whitespace");
            }

            if (profile.LocalhostProfile?.Length > LongestPath)
            {
                place.TooLong(LongestPath);
            }
        }
        else if (profile.LocalhostProfile is not null)
        {
            place.Invalid(profile.LocalhostProfile, "can only be set when AppArmor type is Localhost");
        }
    }

    private static void ProfileType(string? type, string what, FieldErrors errors)
    {
        errors.At("type").MustBeSet(type, $"type is required when {what} is set");
        if (!string.IsNullOrEmpty(type))
        {
            errors.At("type").OneOf(type, ProfileTypes);
        }
    }

    [GeneratedRegex(SysctlFormat)]
    private static partial Regex SysctlName();
}
