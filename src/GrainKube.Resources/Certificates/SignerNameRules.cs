using GrainKube.ApiMachinery.Validation;

namespace GrainKube.Resources.Certificates;

/// <summary>Names of signers: <c>example.com/name</c>, a domain of at least two labels and one path of names.</summary>
internal static class SignerNameRules
{
    private const int LongestDomain = 253;
    private const int Longest = 571;

    public static void Check(string name, FieldErrors place)
    {
        if (name.Length == 0)
        {
            place.Required("signerName must be provided");
            return;
        }

        if (name.Split('/') is not [var domain, var path])
        {
            place.Invalid(name, "must be a fully qualified domain and path of the form 'example.com/signer-name'");
            return;
        }

        if (domain.Length > LongestDomain)
        {
            place.TooLong(LongestDomain);
        }

        var labels = domain.Split('.');
        ReportFirst(domain, labels, NameRules.DnsLabel, place);
        if (labels.Length < 2)
        {
            place.Invalid(domain, "should be a domain with at least two segments separated by dots");
        }

        ReportFirst(path, path.Split('.'), NameRules.DnsSubdomain, place);
        if (name.Length > Longest)
        {
            place.TooLong(Longest);
        }
    }

    /// <summary>One wrong label is enough: more of the same would only confuse.</summary>
    private static void ReportFirst(string whole, string[] labels, Func<string, IReadOnlyList<string>> rule, FieldErrors place)
    {
        if (labels.FirstOrDefault(label => rule(label).Count > 0) is { } wrong)
        {
            foreach (var problem in rule(wrong))
            {
                place.Invalid(whole, $"validating label \"{wrong}\": {problem}");
            }
        }
    }
}
