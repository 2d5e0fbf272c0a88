using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using k8s;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>
/// Collects every problem of an object. A value is a place in the object; <see cref="At(string)"/> steps into a field and shares the list.
/// </summary>
/// <remarks>
/// The wording of each method is that of upstream's <c>field.Error</c>. A path's text is made only when there is an error; until then a place is a row of a table, because
/// the rules of a pod step into some hundred and fifty and hardly ever find anything.
/// </remarks>
public readonly struct FieldErrors
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    [ThreadStatic]
    private static FieldPlaces? spare; // of the last object that had no errors

    private readonly FieldPlaces places;
    private readonly int place;

    public FieldErrors() => (places, place) = (new FieldPlaces(), FieldPlaces.Root);

    private FieldErrors(FieldPlaces places, int place) => (this.places, this.place) = (places, place);

    /// <summary>All errors found so far, below this place and elsewhere, in the order found.</summary>
    public IReadOnlyList<FieldError> All => places.Errors;

    /// <summary>True while nothing was found anywhere.</summary>
    public bool IsEmpty => places.Errors.Count == 0;

    /// <summary>The path of this place, for example <c>spec.ports[2].name</c>.</summary>
    public string Path => places.PathOf(place);

    /// <summary>Steps into a field.</summary>
    public FieldErrors At(string field) => new(places, places.Add(place, field, FieldPlaces.Field));

    /// <summary>Steps into an element of a list.</summary>
    public FieldErrors At(int element) => new(places, places.Add(place, null, element));

    /// <summary>Steps into an entry of a map, written <c>[key]</c>.</summary>
    public FieldErrors Key(string entry) => new(places, places.Add(place, entry, FieldPlaces.Key));

    /// <summary>An empty list, which may have been another object's before.</summary>
    public static FieldErrors Take()
    {
        var taken = spare ?? new FieldPlaces();
        spare = null;
        return new FieldErrors(taken, FieldPlaces.Root);
    }

    /// <summary>Gives an empty list back for the next object; no place of this one may be used any more.</summary>
    public void Return() => spare = places.TryReuse() ? places : null;

    public void Required(string message = "") => Add(FieldErrorType.Required, message.Length == 0 ? "Required value" : $"Required value: {message}");

    public void Invalid(object? value, string message) => Add(FieldErrorType.Invalid, $"Invalid value: {Show(value)}: {message}");

    /// <summary>Invalid as a whole: the value is not shown (upstream: OmitValueType).</summary>
    public void InvalidWithout(string message) => Add(FieldErrorType.Invalid, $"Invalid value: {message}");

    public void TypeInvalid(object? value, string message) => Add(FieldErrorType.TypeInvalid, $"Invalid value: {Show(value)}: {message}");

    public void NotSupported(object? value, params IReadOnlyList<string> supported) => Add(
        FieldErrorType.NotSupported,
        supported.Count == 0
            ? $"Unsupported value: {Show(value)}"
            : $"Unsupported value: {Show(value)}: supported values: {string.Join(", ", supported.Select(s => $"\"{s}\""))}");

    public void Duplicate(object? value, string message = "") =>
        Add(FieldErrorType.Duplicate, message.Length == 0 ? $"Duplicate value: {Show(value)}" : $"Duplicate value: {Show(value)}: {message}");

    public void Forbidden(string message) => Add(FieldErrorType.Forbidden, message.Length == 0 ? "Forbidden" : $"Forbidden: {message}");

    public void NotFound(object? value) => Add(FieldErrorType.NotFound, $"Not found: {Show(value)}");

    public void TooLong(int maximumBytes) => Add(FieldErrorType.TooLong, $"Too long: may not be more than {maximumBytes} bytes");

    public void TooMany(int actual, int maximum) => Add(
        FieldErrorType.TooMany, $"Too many: {actual}: must have at most {maximum} {(maximum == 1 ? "item" : "items")}");

    /// <summary>Takes over an error of something that was judged by itself, and lies here.</summary>
    /// <param name="error">Its field is relative to this place.</param>
    public void TakeOver(FieldError error) => places.Errors.Add(error with { Field = error.Field.Length == 0 || error.Field[0] == '[' ? Path + error.Field : $"{Path}.{error.Field}" });

    /// <summary>The same place with a list of its own: for an attempt whose errors do not count.</summary>
    public FieldErrors Apart()
    {
        var apart = new FieldPlaces();
        return new(apart, apart.CopyOf(places, place));
    }

    private void Add(FieldErrorType type, string detail) => places.Errors.Add(new FieldError(type, Path, detail));

    private static string Show(object? value) => value switch
    {
        null => "null",
        string s => JsonSerializer.Serialize(s, Relaxed),
        bool b => b ? "true" : "false",
        IFormattable f when value.GetType().IsPrimitive => f.ToString(null, CultureInfo.InvariantCulture),
        System.Text.Json.Nodes.JsonNode node => node.ToJsonString(Relaxed),
        _ when value.GetType().Namespace == "k8s.Models" => KubernetesJson.Serialize(value),
        _ => JsonSerializer.Serialize(value, Relaxed),
    };
}
