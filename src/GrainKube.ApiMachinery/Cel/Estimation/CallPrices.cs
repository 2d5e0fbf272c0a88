using GrainKube.ApiMachinery.Cel.Checking;

namespace GrainKube.ApiMachinery.Cel.Estimation;

/// <summary>A call whose operands are estimated.</summary>
/// <param name="Name">Of the function.</param>
/// <param name="Target">What it is called on, or null.</param>
/// <param name="Arguments">Without the target.</param>
/// <param name="Root">The type that all ways begin at.</param>
internal sealed record CallSite(string Name, Estimated? Target, IReadOnlyList<Estimated> Arguments, SizedType Root);

/// <summary>What a call costs beyond its operands, and how large its result may be where that is not its type's or its place's to say.</summary>
internal readonly record struct CallPrice(Extent Cost, Extent? Size = null);

/// <summary>The prices of functions. Source: <c>checker/cost.go</c> and <c>ext</c> of cel-go, <c>pkg/cel/library/cost.go</c> of k8s.io/apiserver.</summary>
internal static class CallPrices
{
    private static readonly Extent Address = new(4, 16);
    private static readonly CallPrice Flat = new(Extent.One);

    /// <param name="site">The call.</param>
    /// <param name="candidate">The signature that is called, as far as is known.</param>
    public static CallPrice Of(CallSite site, Overload candidate) => site.Target is { } target ? Member(site, target, candidate) : Global(site, candidate);

    private static CallPrice Global(CallSite site, Overload candidate)
    {
        var arguments = site.Arguments;
        if (arguments.Count == 0)
        {
            return Flat;
        }

        var first = arguments[0].Size;
        switch (site.Name)
        {
            case "_==_" when OfKubernetes(arguments) is { } price:
                return price;
            case "_==_" or "_!=_":
                return Compared(first, arguments[1].Size);
            case "_<_" or "_<=_" or "_>_" or "_>=_":
                return IsText(candidate.Parameters[0]) ? Compared(first, arguments[1].Size) : Flat;
            case "_+_" when candidate.Parameters[0].Shape == CelTypeShape.List:
                return new(Extent.One, first.Plus(arguments[1].Size));
            case "_+_" when IsText(candidate.Parameters[0]):
                return new(first.Plus(arguments[1].Size).Times(Extent.Scan), first.Plus(arguments[1].Size));
            case "@in" when candidate.Parameters[1].Shape == CelTypeShape.List:
                return new(arguments[1].Size);
            case "url" or "jsonpatch.escapeKey":
                return new(first.Times(Extent.Scan), first);
            case "cidr" or "ip" or "isIP" or "isCIDR" or "quantity" or "isQuantity" or "semver" or "isSemver":
                return new(first.Times(Extent.Scan));
            case "ip.isCanonical":
                return new(first.Times(2 * Extent.Scan));
            case "bytes" when ReferenceEquals(candidate.Parameters[0], CelType.String):
                return new(first.Times(Extent.Scan), first.Times(Extent.Of(4)) with { Min = first.Min });
            case "string" when ReferenceEquals(candidate.Parameters[0], CelType.Bytes):
                return new(first.Times(Extent.Scan), first with { Min = first.Min / 4 });
            case "strings.quote":
                return new(first.Times(Extent.Scan), new Extent(first.Min, first.Times(Extent.Of(2)).Max).Plus(2));
            case "sets.contains" or "sets.intersects":
                return new(first.Times(arguments[1].Size).Plus(1));
            case "sets.equivalent":
                return new(first.Times(arguments[1].Size).Times(2.0).Plus(1));
            case "lists.range":
                return ListPrices.Allocated(1, Extent.Of(ListPrices.Literal(arguments[0], ulong.MaxValue)));
            default:
                return Flat;
        }
    }

    private static CallPrice Member(CallSite site, Estimated target, Overload candidate)
    {
        var (size, arguments) = (target.Size, site.Arguments);
        switch (site.Name)
        {
            case "isSorted" or "sum" or "max" or "min" or "indexOf" or "lastIndexOf" or "includes":
                return new(ListPrices.Searched(site, target));
            case "lowerAscii" or "upperAscii" or "substring" or "trim":
                return new(size.Times(Extent.Scan), size);
            case "replace":
                return new(size.Times(2 * Extent.Scan), Replaced(size, arguments[0].Size, arguments[1].Size));
            case "split":
                // At worst every character is an element.
                return new(size.Times(2 * Extent.Scan), new Extent(0, arguments.Count > 1 ? ListPrices.Literal(arguments[1], size.Max) : size.Max));
            case "join":
                return ListPrices.Joined(site, target);
            case "find" or "findAll":
                return new(Matched(size, arguments[0].Size), new Extent(0, size.Max));
            case "matches":
                return new(Matched(size, arguments[0].Size));
            case "contains" when arguments.Count == 1:
                return new(size.Times(Extent.Scan).Times(arguments[0].Size.Times(Extent.Scan)));
            case "startsWith" or "endsWith":
                return new(arguments[0].Size.Times(Extent.Scan));
            case "format":
                return new(size.Times(Extent.Scan));
            case "containsIP":
                return new(Address.Plus(Address).Times(Extent.Scan).Plus(Parsed(arguments[0], candidate)));
            case "containsCIDR":
                return new(Address.Plus(Address).Times(Extent.Scan).Plus(Address.Times(Extent.Scan)).Plus(1).Plus(Parsed(arguments[0], candidate)));
            case "validate":
                // The expressions of the named formats are no longer than 128 characters.
                return new(arguments[0].Size.Times(Extent.Scan).Times(128 * Extent.Regex));
            default:
                return ListPrices.Of(site, target, candidate) ?? Flat;
        }
    }

    private static bool IsText(CelType type) => ReferenceEquals(type, CelType.String) || ReferenceEquals(type, CelType.Bytes);

    /// <summary>No more is compared than the shorter one has.</summary>
    private static CallPrice Compared(Extent one, Extent other)
    {
        var most = Math.Min(one.Max, other.Max);
        return new(new Extent(most > 0 ? 1u : 0u, most).Times(Extent.Scan));
    }

    /// <summary>Only <c>==</c> has a price of its own for Kubernetes' types; <c>!=</c> is charged as if they had no end.</summary>
    private static CallPrice? OfKubernetes(IReadOnlyList<Estimated> operands)
    {
        var (left, right) = (operands[0], operands[1]);
        if (left.Type.Shape != CelTypeShape.Opaque || !left.Type.Is(right.Type))
        {
            return null;
        }

        return left.Type.Name switch
        {
            "kubernetes.URL" => new(new Extent(1, right.Known?.Max ?? 1).Times(Extent.Scan)),
            "kubernetes.NamedFormat" => new(new Extent(1, 64).Times(Extent.Scan)),
            _ => Flat,
        };
    }

    private static Extent Matched(Extent text, Extent pattern) => text.Plus(1).Times(Extent.Scan).Times(pattern.Times(Extent.Regex));

    private static Extent Parsed(Estimated argument, Overload candidate) =>
        ReferenceEquals(candidate.Parameters[1], CelType.String) ? argument.Size.Times(Extent.Scan) : Extent.Zero;

    private static Extent Replaced(Extent text, Extent old, Extent next)
    {
        ulong most, least, kept = 0, keptLeast = 0;
        if (old.Min == 0)
        {
            // The empty string is found around every character.
            (most, kept) = (text.Max == ulong.MaxValue ? text.Max : text.Max + 1, text.Max);
        }
        else if (next.Max <= old.Min)
        {
            (most, kept) = (0, text.Max);
        }
        else
        {
            most = (ulong)Math.Min(Math.Ceiling((double)text.Max / old.Min), ulong.MaxValue);
        }

        if (old.Max == 0)
        {
            (least, keptLeast) = (text.Min == ulong.MaxValue ? text.Min : text.Min + 1, text.Min);
        }
        else if (old.Max <= next.Min)
        {
            (least, keptLeast) = (0, text.Min);
        }
        else
        {
            least = (ulong)Math.Min(Math.Ceiling((double)text.Min / old.Max), ulong.MaxValue);
        }

        return new Extent(least, most).Times(next).Plus(new Extent(keptLeast, kept));
    }
}
