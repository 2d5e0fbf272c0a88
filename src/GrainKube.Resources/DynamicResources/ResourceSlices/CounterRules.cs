using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.DynamicResources.ResourceSlices;

/// <summary>Rules for counters, of which a set is shared by devices that cannot all be used at once.</summary>
internal static class CounterRules
{
    private const int Maximum = 32;

    public static void Check(string? set, IDictionary<string, V1Counter>? counters, string field, FieldErrors errors)
    {
        errors.At(field).RequiredName(set, NameRules.DnsLabel);
        var place = errors.At("counters");
        if (counters is not { Count: > 0 })
        {
            place.Required();
        }
        else if (counters.Count > Maximum)
        {
            place.TooMany(counters.Count, Maximum);
        }
        else
        {
            foreach (var name in counters.Keys)
            {
                place.Report(name, NameRules.DnsLabel(name));
            }
        }
    }
}
