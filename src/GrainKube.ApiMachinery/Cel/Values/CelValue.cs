using GrainKube.ApiMachinery.Cel.Evaluation;

namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>
/// One value of the language. Numbers and booleans need no allocation. Timestamps and durations are held in nanoseconds, a timestamp as those since the year 1 in two parts.
/// </summary>
public readonly struct CelValue
{
    private readonly long bits;
    private readonly object? reference;

    private CelValue(CelKind kind, long bits, object? reference) => (Kind, this.bits, this.reference) = (kind, bits, reference);

    public static CelValue Null => default;
    public static CelValue True => new(CelKind.Bool, 1, null);
    public static CelValue False => new(CelKind.Bool, 0, null);
    public static CelValue NoOptional => new(CelKind.Optional, 0, null);

    public CelKind Kind { get; }

    public bool IsError => Kind == CelKind.Error;
    public bool IsTrue => Kind == CelKind.Bool && bits != 0;
    public bool AsBool => bits != 0;
    public long AsInt => bits;
    public ulong AsUint => (ulong)bits;
    public double AsDouble => BitConverter.Int64BitsToDouble(bits);
    public string AsString => (string)reference!;
    public byte[] AsBytes => (byte[])reference!;
    public CelList AsList => (CelList)reference!;
    public CelMap AsMap => (CelMap)reference!;
    public CelType AsType => (CelType)reference!;

    /// <summary>Nanoseconds.</summary>
    public long AsDuration => bits;
    public CelTimestamp AsTimestamp => (CelTimestamp)reference!;
    public CelOpaque AsOpaque => (CelOpaque)reference!;
    public CelError AsError => (CelError)reference!;

    /// <summary>What an optional holds, or false.</summary>
    public bool TryOptional(out CelValue value)
    {
        value = reference is CelValue held ? held : default;
        return reference is not null;
    }

    public static CelValue Of(bool value) => new(CelKind.Bool, value ? 1 : 0, null);

    public static CelValue Of(long value) => new(CelKind.Int, value, null);

    public static CelValue OfUint(ulong value) => new(CelKind.Uint, (long)value, null);

    public static CelValue Of(double value) => new(CelKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    public static CelValue Of(string value) => new(CelKind.String, 0, value);

    public static CelValue Of(byte[] value) => new(CelKind.Bytes, 0, value);

    public static CelValue Of(CelList value) => new(CelKind.List, 0, value);

    public static CelValue Of(CelMap value) => new(CelKind.Map, 0, value);

    public static CelValue Of(CelType value) => new(CelKind.Type, 0, value);

    public static CelValue Of(CelTimestamp value) => new(CelKind.Timestamp, 0, value);

    public static CelValue Of(CelOpaque value) => new(CelKind.Opaque, 0, value);

    public static CelValue Of(CelError value) => new(CelKind.Error, 0, value);

    public static CelValue Of(IReadOnlyList<CelValue> values) => Of(new CelArray(values));

    /// <param name="nanoseconds">How long.</param>
    public static CelValue OfDuration(long nanoseconds) => new(CelKind.Duration, nanoseconds, null);

    public static CelValue OfOptional(CelValue value) => new(CelKind.Optional, 1, value);

    public static CelValue Fail(string message) => Of(new CelError(message));

    /// <summary>The runtime type, as <c>type(x)</c> tells.</summary>
    public CelType Type => Kind switch
    {
        CelKind.Null => CelType.Null,
        CelKind.Bool => CelType.Bool,
        CelKind.Int => CelType.Int,
        CelKind.Uint => CelType.Uint,
        CelKind.Double => CelType.Double,
        CelKind.String => CelType.String,
        CelKind.Bytes => CelType.Bytes,
        CelKind.List => CelType.ListOf(CelType.Dyn),
        CelKind.Map => AsMap.ObjectTypeName is { } name ? CelType.Opaque(name) : CelType.MapOf(CelType.Dyn, CelType.Dyn),
        CelKind.Timestamp => CelType.Timestamp,
        CelKind.Duration => CelType.Duration,
        CelKind.Type => CelType.TypeOf(CelType.Dyn),
        CelKind.Optional => CelType.OptionalOf(CelType.Dyn),
        CelKind.Opaque => AsOpaque.Type,
        _ => CelType.Dyn,
    };

    /// <summary>The language's equality: numbers across types, never an error.</summary>
    public bool Is(CelValue other) => Equality.Same(this, other);

    /// <summary>A whole number of any numeric kind; used to bring keys of maps to one form.</summary>
    internal bool TryInteger(out Int128 value)
    {
        switch (Kind)
        {
            case CelKind.Int:
                value = bits;
                return true;
            case CelKind.Uint:
                value = AsUint;
                return true;
            case CelKind.Double when double.IsInteger(AsDouble) && Math.Abs(AsDouble) < 1e19:
                value = (Int128)AsDouble;
                return true;
            default:
                value = 0;
                return false;
        }
    }

    public override string ToString() => Printing.CelPrinter.Print(this);
}
