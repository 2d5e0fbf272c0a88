using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Storage;

namespace GrainKube.Resources.DynamicResources;

/// <summary>Rules for the names of devices, of their pools, attributes and capacities.</summary>
internal static class DeviceNameRules
{
    private const int MaximumPool = 253;
    private const int MaximumIdentifier = 32;

    public static void Pool(string? name, FieldErrors errors)
    {
        if (string.IsNullOrEmpty(name))
        {
            errors.Required();
            return;
        }

        if (name.Length > MaximumPool)
        {
            errors.TooLong(MaximumPool);
        }

        foreach (var part in name.Split('/'))
        {
            errors.Report(part, NameRules.DnsSubdomain(part));
        }
    }

    public static void Label(string? name, FieldErrors errors) => errors.Report(name ?? "", NameRules.DnsLabel(name ?? ""));

    /// <summary>An identifier with or without the domain it is from.</summary>
    public static void Qualified(string name, FieldErrors errors)
    {
        switch (name.Split('/'))
        {
            case [var id]:
                Identifier(id, errors);
                break;
            case [var domain, var id]:
                if (domain.Length == 0)
                {
                    errors.Invalid("", "the domain must not be empty");
                }
                else
                {
                    CsiDriverNameRules.Check(domain, errors);
                }

                if (id.Length == 0)
                {
                    errors.Invalid("", "the name must not be empty");
                }
                else
                {
                    Identifier(id, errors);
                }

                break;
            default:
                errors.Invalid(name, "must not contain more than one slash");
                break;
        }
    }

    public static void FullyQualified(string name, FieldErrors errors)
    {
        Qualified(name, errors);
        if (!name.Contains('/'))
        {
            errors.Invalid(name, "a fully qualified name must be a domain and a name separated by a slash");
        }
    }

    /// <summary>What tells apart who shares a device.</summary>
    public static void Share(string? id, FieldErrors errors)
    {
        if (id is null)
        {
            return;
        }

        if (id.Length != 36)
        {
            errors.Invalid(id, $"error validating uid: invalid UUID length: {id.Length}");
        }
        else if (!Guid.TryParseExact(id, "D", out _))
        {
            errors.Invalid(id, "error validating uid: invalid UUID format");
        }
        else if (id.Any(char.IsAsciiLetterUpper))
        {
            errors.Invalid(id, "uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters");
        }
    }

    private static void Identifier(string id, FieldErrors errors)
    {
        if (id.Length > MaximumIdentifier)
        {
            errors.TooLong(MaximumIdentifier);
        }

        errors.Report(id, NameRules.CIdentifier(id));
    }
}
