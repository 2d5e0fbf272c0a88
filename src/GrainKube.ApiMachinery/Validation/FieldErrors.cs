using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using k8s;

namespace GrainKube.ApiMachinery.Validation;

/// <summary>
/// Collects every problem of an object. An instance is a place in the object; <see cref="At(string)"/> steps into a field and shares the list.
/// </summary>
/// <remarks>The wording of each method is that of upstream's <c>field.Error</c>. A path's text is made only when there is an error.</remarks>
public sealed class FieldErrors
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly FieldErrors? parent;
    private readonly string? name;
    private readonly int index = -1;
    private readonly bool key;
    private readonly List<FieldError> errors;

    public FieldErrors() => errors = [];

    private FieldErrors(FieldErrors? parent, string? name, int index, bool key, List<FieldError> errors)
    {
        (this.parent, this.name, this.index, this.key) = (parent, name, index, key);
        this.errors = errors;
    }

    /// <summary>All errors found so far, below this place and elsewhere, in the order found.</summary>
    public IReadOnlyList<FieldError> All => errors;

    /// <summary>True while nothing was found anywhere.</summary>
    public bool IsEmpty => errors.Count == 0;

    /// <summary>The path of this place, for example <c>spec.ports[2].name</c>.</summary>
    public string Path
    {
        get
        {
            var text = new StringBuilder();
            Append(text);
            return text.ToString();
        }
    }

    /// <summary>Steps into a field.</summary>
    public FieldErrors At(string field) => new(this, field, -1, key: false, errors);

    /// <summary>Steps into an element of a list.</summary>
    public FieldErrors At(int element) => new(this, null, element, key: false, errors);

    /// <summary>Steps into an entry of a map, written <c>[key]</c>.</summary>
    public FieldErrors Key(string entry) => new(this, entry, -1, key: true, errors);

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

    /// <summary>The same place with a list of its own: for an attempt whose errors do not count.</summary>
    public FieldErrors Apart() => new(parent, name, index, key, []);

    private void Add(FieldErrorType type, string detail) => errors.Add(new FieldError(type, Path, detail));

    private void Append(StringBuilder text)
    {
        parent?.Append(text);
        if (index >= 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"[{index}]");
        }
        else if (key)
        {
            text.Append('[').Append(name).Append(']');
        }
        else if (name is { Length: 0 })
        {
            // Upstream's path of nothing in particular.
            text.Append("[]");
        }
        else if (name is not null)
        {
            if (text.Length > 0)
            {
                text.Append('.');
            }

            text.Append(name);
        }
    }

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
