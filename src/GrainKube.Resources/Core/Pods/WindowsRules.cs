using System.Text;
using System.Text.RegularExpressions;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary>Rules for what only pods on Windows have.</summary>
internal static partial class WindowsRules
{
    private const int MaximumSpecKibibytes = 64;
    private const int MaximumDomain = 256;
    private const int MaximumUser = 104;

    public static void Options(V1WindowsSecurityContextOptions? options, FieldErrors errors)
    {
        if (options is null)
        {
            return;
        }

        if (options.GmsaCredentialSpecName is { } name)
        {
            errors.At("gmsaCredentialSpecName").Report(name, NameRules.DnsSubdomain(name));
        }

        if (options.GmsaCredentialSpec is { } spec)
        {
            var size = Encoding.UTF8.GetByteCount(spec);
            if (size == 0)
            {
                errors.At("gmsaCredentialSpec").Invalid(spec, "gmsaCredentialSpec cannot be an empty string");
            }
            else if (size > MaximumSpecKibibytes * 1024)
            {
                errors.At("gmsaCredentialSpec").Invalid(spec, $"gmsaCredentialSpec size must be under {MaximumSpecKibibytes} KiB");
            }
        }

        if (options.RunAsUserName is { } user)
        {
            User(user, errors.At("runAsUserName"));
        }
    }

    /// <summary>Where one container is a process of the host, all are, and the network is the host's.</summary>
    public static void HostProcess(V1PodSpec spec, FieldErrors errors)
    {
        var ofPod = spec.SecurityContext?.WindowsOptions?.HostProcess;
        var (all, hosts) = (0, 0);
        Count(spec.InitContainers, static c => c.SecurityContext, "initContainers");
        Count(spec.Containers, static c => c.SecurityContext, "containers");
        Count(spec.EphemeralContainers, static c => c.SecurityContext, "ephemeralContainers");
        if (hosts == 0)
        {
            return;
        }

        if (hosts != all)
        {
            errors.Invalid("", "If pod contains any hostProcess containers then all containers must be HostProcess containers");
        }

        if (spec.HostNetwork != true)
        {
            errors.At("hostNetwork").Invalid(false, "hostNetwork must be true if pod contains any hostProcess containers");
        }

        void Count<T>(IList<T>? containers, Func<T, V1SecurityContext?> context, string list)
        {
            for (var index = 0; index < containers?.Count; index++)
            {
                var own = context(containers[index])?.WindowsOptions?.HostProcess;
                if (ofPod is not null && own is not null && ofPod != own)
                {
                    errors.At(list).At(index).At("securityContext").At("windowsOptions").At("hostProcess")
                        .Invalid(own, $"pod hostProcess value must be identical if both are specified, was {(ofPod == true ? "true" : "false")}");
                }

                all++;
                hosts += (own ?? ofPod) == true ? 1 : 0;
            }
        }
    }

    private static void User(string value, FieldErrors errors)
    {
        var parts = value.Split('\\');
        if (value.Length == 0)
        {
            errors.Invalid(value, "runAsUserName cannot be an empty string");
            return;
        }

        if (value.Any(char.IsControl))
        {
            errors.Invalid(value, "runAsUserName cannot contain control characters");
            return;
        }

        if (parts.Length > 2)
        {
            errors.Invalid(value, "runAsUserName cannot contain more than one backslash");
            return;
        }

        if (parts.Length == 2)
        {
            if (parts[0].Length >= MaximumDomain)
            {
                errors.Invalid(value, $"runAsUserName's Domain length must be under {MaximumDomain} characters");
            }

            if (!NetBios().IsMatch(parts[0]) && !Dns().IsMatch(parts[0]))
            {
                errors.Invalid(value, "runAsUserName's Domain doesn't match the NetBios nor the DNS format");
            }
        }

        var user = parts[^1];
        if (user.Length == 0)
        {
            errors.Invalid(value, "runAsUserName's User cannot be empty");
        }
        else if (user.Length > MaximumUser)
        {
            errors.Invalid(value, $"runAsUserName's User length must not be longer than {MaximumUser} characters");
        }

        if (user.Length > 0 && user.AsSpan().IndexOfAnyExcept('.', ' ') < 0)
        {
            errors.Invalid(value, "runAsUserName's User cannot contain only periods or spaces");
        }

        if (user.AsSpan().IndexOfAny("\"/\\:;|=,+*?<>@[]") >= 0)
        {
            errors.Invalid(value, "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
        }
    }

    [GeneratedRegex("""^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$""")]
    private static partial Regex NetBios();

    [GeneratedRegex(@"^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$")]
    private static partial Regex Dns();
}
