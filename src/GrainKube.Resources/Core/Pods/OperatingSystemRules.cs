using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>A pod that names its operating system asks for nothing that the other has.</summary>
internal static class OperatingSystemRules
{
    private const string OfLinux = "cannot be set for a windows pod";
    private const string OfWindows = "windows options cannot be set for a linux pod";

    public static void Check(V1PodSpec spec, FieldErrors errors)
    {
        switch (spec.Os?.Name)
        {
            case null when spec.Os is null:
                break;
            case null or "":
                errors.At("os").At("name").Required("cannot be empty");
                break;
            case "linux":
                If(spec.SecurityContext?.WindowsOptions, errors.At("securityContext"), "windowsOptions", OfWindows);
                EachContainer(spec, errors, (context, place) => If(context.WindowsOptions, place, "windowsOptions", OfWindows));
                break;
            case "windows":
                WindowsPod(spec, errors);
                EachContainer(spec, errors, WindowsContainer);
                break;
            default:
                errors.At("os").NotSupported(spec.Os.Name, "linux", "windows");
                break;
        }
    }

    private static void WindowsPod(V1PodSpec spec, FieldErrors errors)
    {
        var (context, place) = (spec.SecurityContext, errors.At("securityContext"));
        If(context?.AppArmorProfile, place, "appArmorProfile", OfLinux);
        If(context?.SeLinuxOptions, place, "seLinuxOptions", OfLinux);
        If(spec.HostUsers, errors, "hostUsers", OfLinux);
        If(spec.HostPID == true ? spec : null, errors, "hostPID", OfLinux);
        If(spec.HostIPC == true ? spec : null, errors, "hostIPC", OfLinux);
        If(context?.SeccompProfile, place, "seccompProfile", OfLinux);
        If(context?.FsGroup, place, "fsGroup", OfLinux);
        If(context?.FsGroupChangePolicy, place, "fsGroupChangePolicy", OfLinux);
        If(context?.Sysctls is { Count: > 0 } sysctls ? sysctls : null, place, "sysctls", OfLinux);
        If(spec.ShareProcessNamespace, errors, "shareProcessNamespace", OfLinux);
        If(context?.RunAsUser, place, "runAsUser", OfLinux);
        If(context?.RunAsGroup, place, "runAsGroup", OfLinux);
        If(context?.SupplementalGroups, place, "supplementalGroups", OfLinux);
        If(context?.SupplementalGroupsPolicy, place, "supplementalGroupsPolicy", OfLinux);
        If(context?.SeLinuxChangePolicy, place, "seLinuxChangePolicy", OfLinux);
    }

    private static void WindowsContainer(V1SecurityContext context, FieldErrors errors)
    {
        If(context.AppArmorProfile, errors, "appArmorProfile", OfLinux);
        If(context.SeLinuxOptions, errors, "seLinuxOptions", OfLinux);
        If(context.SeccompProfile, errors, "seccompProfile", OfLinux);
        If(context.Capabilities, errors, "capabilities", OfLinux);
        If(context.ReadOnlyRootFilesystem, errors, "readOnlyRootFilesystem", OfLinux);
        If(context.Privileged, errors, "privileged", OfLinux);
        If(context.AllowPrivilegeEscalation, errors, "allowPrivilegeEscalation", OfLinux);
        If(context.ProcMount, errors, "procMount", OfLinux);
        If(context.RunAsUser, errors, "runAsUser", OfLinux);
        If(context.RunAsGroup, errors, "runAsGroup", OfLinux);
    }

    private static void EachContainer(V1PodSpec spec, FieldErrors errors, Action<V1SecurityContext, FieldErrors> rule)
    {
        Each((spec.InitContainers ?? []).Select(c => c.SecurityContext), "initContainers");
        Each((spec.Containers ?? []).Select(c => c.SecurityContext), "containers");
        Each((spec.EphemeralContainers ?? []).Select(c => c.SecurityContext), "ephemeralContainers");

        void Each(IEnumerable<V1SecurityContext?> contexts, string list)
        {
            var index = 0;
            foreach (var context in contexts)
            {
                if (context is not null)
                {
                    rule(context, errors.At(list).At(index).At("securityContext"));
                }

                index++;
            }
        }
    }

    private static void If(object? value, FieldErrors errors, string field, string why)
    {
        if (value is not null)
        {
            errors.At(field).Forbidden(why);
        }
    }
}
