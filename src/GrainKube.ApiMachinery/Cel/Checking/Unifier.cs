namespace GrainKube.ApiMachinery.Cel.Checking;

/// <summary>Finds what the parameters of signatures stand for.</summary>
internal sealed class Unifier
{
    private Dictionary<CelType, CelType> bound = new(ReferenceEqualityComparer.Instance);
    private int made;

    public CelType Fresh() => CelType.Parameter($"_var{made++}");

    /// <summary>A signature with parameters of its own.</summary>
    public CelType Instantiate(CelType type, Dictionary<string, CelType> names) => type.Shape switch
    {
        CelTypeShape.Parameter => names.TryGetValue(type.Name, out var known) ? known : names[type.Name] = Fresh(),
        CelTypeShape.List => CelType.ListOf(Instantiate(type.Arguments[0], names)),
        CelTypeShape.Map => CelType.MapOf(Instantiate(type.Arguments[0], names), Instantiate(type.Arguments[1], names)),
        CelTypeShape.Optional => CelType.OptionalOf(Instantiate(type.Arguments[0], names)),
        CelTypeShape.Type => CelType.TypeOf(Instantiate(type.Arguments[0], names)),
        _ => type,
    };

    /// <summary>Everything that is known put in; what is not, is dyn.</summary>
    public CelType Resolve(CelType type, bool unknownIsDyn = false) => type.Shape switch
    {
        CelTypeShape.Parameter => bound.TryGetValue(type, out var known) ? Resolve(known, unknownIsDyn) : unknownIsDyn ? CelType.Dyn : type,
        CelTypeShape.List => CelType.ListOf(Resolve(type.Arguments[0], unknownIsDyn)),
        CelTypeShape.Map => CelType.MapOf(Resolve(type.Arguments[0], unknownIsDyn), Resolve(type.Arguments[1], unknownIsDyn)),
        CelTypeShape.Optional => CelType.OptionalOf(Resolve(type.Arguments[0], unknownIsDyn)),
        CelTypeShape.Type => CelType.TypeOf(Resolve(type.Arguments[0], unknownIsDyn)),
        _ => type,
    };

    /// <summary>Can all of these go where those are expected? Remembers what that needs, or nothing.</summary>
    public bool TryAssign(IReadOnlyList<CelType> from, IReadOnlyList<CelType> to)
    {
        var before = bound;
        bound = new Dictionary<CelType, CelType>(before, ReferenceEqualityComparer.Instance);
        for (var i = 0; i < from.Count; i++)
        {
            if (!Assign(from[i], to[i]))
            {
                bound = before;
                return false;
            }
        }

        return true;
    }

    public bool TryAssign(CelType from, CelType to) => TryAssign([from], [to]);

    /// <summary>Runs a trial whose findings are forgotten.</summary>
    public T Trial<T>(Func<T> trial)
    {
        var before = bound;
        var result = trial();
        bound = before;
        return result;
    }

    private bool Assign(CelType from, CelType to)
    {
        (from, to) = (Head(from), Head(to));
        if (ReferenceEquals(from, to))
        {
            return true;
        }

        if (to.Shape == CelTypeShape.Parameter)
        {
            return Bind(to, from);
        }

        if (from.Shape == CelTypeShape.Parameter)
        {
            return Bind(from, to);
        }

        if (from.IsDyn || to.IsDyn)
        {
            return true;
        }

        if (ReferenceEquals(from, CelType.Null) || ReferenceEquals(to, CelType.Null))
        {
            var other = ReferenceEquals(from, CelType.Null) ? to : from;
            return other.Shape is CelTypeShape.Object or CelTypeShape.Opaque || ReferenceEquals(other, CelType.Timestamp) || ReferenceEquals(other, CelType.Duration);
        }

        if (from.Shape == CelTypeShape.Type && to.Shape == CelTypeShape.Type)
        {
            return true;
        }

        return from.Shape == to.Shape && from.Name == to.Name && from.Arguments.Count == to.Arguments.Count
            && from.Arguments.Zip(to.Arguments).All(p => Assign(p.First, p.Second));
    }

    private bool Bind(CelType parameter, CelType type)
    {
        if (Contains(type, parameter))
        {
            return false;
        }

        bound[parameter] = type;
        return true;
    }

    private bool Contains(CelType type, CelType parameter)
    {
        type = Head(type);
        return ReferenceEquals(type, parameter) || type.Arguments.Any(a => Contains(a, parameter));
    }

    private CelType Head(CelType type)
    {
        while (type.Shape == CelTypeShape.Parameter && bound.TryGetValue(type, out var known))
        {
            type = known;
        }

        return type;
    }
}
