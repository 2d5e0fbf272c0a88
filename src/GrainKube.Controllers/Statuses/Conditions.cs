using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Controllers.Statuses;

/// <summary>The list <c>status.conditions</c>, changed as upstream changes it: a condition's transition time moves only when its status does.</summary>
internal sealed class Conditions
{
    private readonly List<JsonObject> items;

    private Conditions(List<JsonObject> items) => this.items = items;

    public static Conditions Of(KubeObject item) => new(
        item.ToNode()["status"]?["conditions"] is JsonArray found ? [.. found.OfType<JsonObject>().Select(c => (JsonObject)c.DeepClone())] : []);

    /// <summary>The field <c>conditions</c> of an object's status with one condition set.</summary>
    public static JsonObject With(KubeObject item, string type, bool status, string reason, string message, DateTimeOffset now)
    {
        var conditions = Of(item);
        conditions.Set(type, status, reason, message, now);
        return new JsonObject { ["conditions"] = conditions.ToJsonOrNull() };
    }

    /// <summary>The condition of that type, or null.</summary>
    public JsonObject? this[string type] => items.Find(c => (string?)c["type"] == type);

    public bool IsTrue(string type) => (string?)this[type]?["status"] == "True";

    public string ReasonOf(string type) => (string?)this[type]?["reason"] ?? "";

    /// <summary>Takes a condition away and hands it out.</summary>
    public void Remove(string type, out JsonObject? removed)
    {
        removed = this[type];
        Remove(type);
    }

    /// <summary>Gives the condition the transition time of an earlier one, where its status is the same.</summary>
    public void KeepTransition(string type, JsonObject? before)
    {
        if (this[type] is { } now && (string?)before?["status"] == (string?)now["status"])
        {
            now["lastTransitionTime"] = before!["lastTransitionTime"]?.DeepClone();
        }
    }

    /// <summary>Puts a condition of another object in place of the one of its type.</summary>
    public void Copy(JsonObject condition)
    {
        Remove((string)condition["type"]!);
        items.Add((JsonObject)condition.DeepClone());
    }

    public void Remove(string type) => items.RemoveAll(c => (string?)c["type"] == type);

    /// <summary>Sets a condition; nothing happens where status, reason and message are as they were. Other members, such as <c>lastHeartbeatTime</c>, stay.</summary>
    /// <param name="type">Type of the condition.</param>
    /// <param name="status">True, false, or null for Unknown.</param>
    /// <param name="reason">CamelCase.</param>
    /// <param name="message">What a person reads.</param>
    /// <param name="now">The time.</param>
    /// <param name="withUpdateTime">The kind's conditions have a <c>lastUpdateTime</c> (Deployment's do).</param>
    public void Set(string type, bool? status, string reason, string message, DateTimeOffset now, bool withUpdateTime = false)
    {
        var text = status switch { true => "True", false => "False", _ => "Unknown" };
        var old = this[type];
        if (old is not null && (string?)old["status"] == text && ((string?)old["reason"] ?? "") == reason && ((string?)old["message"] ?? "") == message)
        {
            return;
        }

        var stamp = GoTime.Format(now);
        var made = old is null ? new JsonObject { ["type"] = type } : (JsonObject)old.DeepClone();
        made["status"] = text;
        if (withUpdateTime)
        {
            made["lastUpdateTime"] = stamp;
        }

        made["lastTransitionTime"] = (string?)old?["status"] == text ? old!["lastTransitionTime"]?.DeepClone() : stamp;
        Put(made, "reason", reason);
        Put(made, "message", message);
        if (old is null)
        {
            items.Add(made);
        }
        else
        {
            items[items.IndexOf(old)] = made;
        }
    }

    private static void Put(JsonObject condition, string member, string text)
    {
        condition.Remove(member);
        if (text.Length > 0)
        {
            condition[member] = text;
        }
    }

    /// <summary>The list for a status patch; null (which takes the field away) where it is empty.</summary>
    public JsonArray? ToJsonOrNull() => items.Count == 0 ? null : new JsonArray([.. items.Select(c => c.DeepClone())]);
}
