using System.Net;
using System.Net.Sockets;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Networking.ServiceCIDRs;

/// <summary>One range, or one of each family; once given they stay, but the second may be added.</summary>
internal sealed class ServiceCIDRValidator : IValidator<V1ServiceCIDR>
{
    public void Validate(V1ServiceCIDR item, FieldErrors errors)
    {
        var place = errors.At("spec").At("cidrs");
        var cidrs = item.Spec?.Cidrs ?? [];
        if (cidrs.Count == 0)
        {
            place.Required("at least one CIDR required");
            return;
        }

        if (cidrs.Count > 2)
        {
            place.Invalid(item.Spec, "may only hold up to 2 values");
        }

        for (var i = 0; i < cidrs.Count; i++)
        {
            place.At(i).Report(cidrs[i], NameRules.Cidr(cidrs[i]));
        }

        if (cidrs.Count == 2 && cidrs.All(c => IPNetwork.TryParse(c, out _)) && cidrs.Select(c => IPNetwork.Parse(c).BaseAddress.AddressFamily == AddressFamily.InterNetwork).Distinct().Count() == 1)
        {
            place.Invalid(item.Spec, "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64");
        }
    }

    public void ValidateUpdate(V1ServiceCIDR next, V1ServiceCIDR current, FieldErrors errors)
    {
        var (cidrs, before) = (next.Spec?.Cidrs ?? [], current.Spec?.Cidrs ?? []);
        var grows = before.Count == 1 && cidrs.Count == 2 && cidrs[0] == before[0];
        if (grows)
        {
            Validate(next, errors);
        }
        else if (!cidrs.SequenceEqual(before, StringComparer.Ordinal))
        {
            errors.At("spec").At("cidrs").Invalid(cidrs, "field is immutable");
        }
    }
}
