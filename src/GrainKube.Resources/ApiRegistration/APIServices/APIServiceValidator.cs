using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.ApiRegistration.APIServices;

/// <summary>Upstream's rules (<c>kube-aggregator/pkg/apis/apiregistration/validation</c>).</summary>
internal sealed class APIServiceValidator : IValidator<V1APIService>
{
    public void Validate(V1APIService item, FieldErrors errors)
    {
        var spec = item.Spec;
        var required = $"{spec.Version}.{spec.Group}";
        if (item.Metadata.Name != required)
        {
            errors.At("metadata").At("name").Invalid(item.Metadata.Name, $"must be `spec.version+\".\"+spec.group`: \"{required}\"");
        }

        Check(spec, errors.At("spec"));
    }

    public void ValidateStatusUpdate(V1APIService next, V1APIService current, FieldErrors errors)
    {
        var conditions = next.Status?.Conditions ?? [];
        for (var i = 0; i < conditions.Count; i++)
        {
            if (conditions[i].Status is not ("True" or "False" or "Unknown"))
            {
                errors.At("status").At("conditions").At(i).At("status").NotSupported(conditions[i].Status, "True", "False", "Unknown");
            }
        }
    }

    private static void Check(V1APIServiceSpec spec, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(spec.Group) && spec.Version != "v1")
        {
            errors.At("group").Required("only v1 may have an empty group and it better be legacy kube");
        }

        if (!string.IsNullOrEmpty(spec.Group))
        {
            errors.At("group").Report(spec.Group, NameRules.DnsSubdomain(spec.Group));
        }

        errors.At("version").Report(spec.Version ?? "", NameRules.Dns1035Label(spec.Version ?? ""));
        if (spec.GroupPriorityMinimum is <= 0 or > 20000)
        {
            errors.At("groupPriorityMinimum").Invalid(spec.GroupPriorityMinimum, "must be positive and less than 20000");
        }

        if (spec.VersionPriority is <= 0 or > 1000)
        {
            errors.At("versionPriority").Invalid(spec.VersionPriority, "must be positive and less than 1000");
        }

        if (spec.Service is { } service)
        {
            CheckRemote(spec, service, errors);
            return;
        }

        if (spec.CaBundle is { Length: > 0 } bundle)
        {
            errors.At("caBundle").Invalid($"{bundle.Length} bytes", "local APIServices may not have a caBundle");
        }

        if (spec.InsecureSkipTLSVerify == true)
        {
            errors.At("insecureSkipTLSVerify").Invalid(true, "local APIServices may not have insecureSkipTLSVerify");
        }
    }

    private static void CheckRemote(V1APIServiceSpec spec, Apiregistrationv1ServiceReference service, FieldErrors errors)
    {
        var place = errors.At("service");
        place.At("namespace").MustBeSet(service.NamespaceProperty);
        place.At("name").MustBeSet(service.Name);
        if (service.Port is < 1 or > 65535)
        {
            place.At("port").Invalid(service.Port, "port is not valid: must be between 1 and 65535, inclusive");
        }

        if (spec.InsecureSkipTLSVerify == true && spec.CaBundle is { Length: > 0 })
        {
            errors.At("insecureSkipTLSVerify").Invalid(true, "may not be true if caBundle is present");
        }
    }
}
