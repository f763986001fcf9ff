"""The action protocol: what /init and /run mean, and when they are allowed (protocol reference 6.1, 6.2, 6.9)."""

import json

from .action import CodeError, load_action
from .environment import export_init, export_run

NO_CODE = "Missing main/no code to execute."
ONLY_ONCE = "Cannot initialize the action more than once."
BAD_CODE = "The action failed to generate or locate a binary. See logs for details."
BAD_START = "Cannot start action. Check logs for details."
NOT_INITIALIZED = "no action defined yet"
BAD_RESULT = "The action did not return a dictionary or array."

OK = b'{"ok":true}\n'


def refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


# Text as it is and spaces as in OpenWhisk's launcher: both count in the size of a response.
encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
encode_ascii = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode
decode = json.JSONDecoder(parse_constant=refuse_constant).decode


class ActionProxy:
    """Answers requests. It is fresh until an /init loads code, good or bad; from then on it only runs."""

    def __init__(self, streams):
        self._streams = streams
        self._routes = {b"/run": self.run, b"/init": self.init}
        self._main = None
        self._spent = False
        self._recording = None

    def answer(self, path, body):
        route = self._routes.get(path)
        if route is None:
            return self._learn(path)
        try:
            text = body.decode()
            if isinstance(body, bytearray):
                body.clear()  # 48 MB of code need not be in memory twice while it loads.
            request = decode(text)
            del text
            if not isinstance(request, dict):
                raise ValueError("it is no object")
        except (ValueError, RecursionError) as error:
            return failure(400, f"Error unmarshaling request: {error}")
        return route(request)

    def init(self, request):
        value = request.get("value")
        if self._spent:
            return failure(403, ONLY_ONCE)
        if not isinstance(value, dict) or not isinstance(value.get("code"), str) or not value["code"]:
            return failure(403, NO_CODE)
        self._spent = True
        env = value.get("env")
        export_init(env if isinstance(env, dict) else {}, self._streams.explain)
        try:
            self._main = load_action(value.pop("code"), value.get("main") or "main", bool(value.get("binary")))
        except CodeError as error:
            return self._init_failed(error, f"{BAD_CODE} {error}")
        except SyntaxError as error:
            return self._init_failed(error, BAD_CODE)
        except Exception as error:
            return self._init_failed(error, BAD_START)
        return 200, OK

    def run(self, request):
        if self._main is None:
            return failure(500, NOT_INITIALIZED)
        export_run(request)
        try:
            result = self._main(request.get("value", {}))
        except Exception as error:
            self._streams.explain_error(error)
            result = {"error": str(error)}
        answer = self._encode_result(result)
        self._streams.end_activation()
        return answer

    def _learn(self, path):
        """Two more requests, which no user code depends on: to record imports from now on, and to tell them."""
        if path == b"/learn":
            from .learn import Recording

            self._recording = self._recording or Recording()
            return 200, OK
        if path == b"/imports":
            recording, self._recording = self._recording, None
            return self._tell(recording)
        return failure(404, "Not found.")

    def _tell(self, recording):
        if recording is None:
            return 200, encode_text({"imports": []})
        from .learn import describe

        try:
            return 200, encode_text({"imports": describe(recording)})
        except Exception as error:
            return failure(500, f"The imports cannot be told: {error}")  # User code goes on.

    def _init_failed(self, error, text):
        if isinstance(error, CodeError):
            self._streams.explain(str(error))
        else:
            self._streams.explain_error(error)
        self._streams.end_activation()
        return failure(502, text)

    def _encode_result(self, result):
        if not (result is None or isinstance(result, (dict, list, tuple))):
            self._streams.explain(f'The result must be a dictionary or array but is "{type(result).__name__}"')
            return failure(502, BAD_RESULT)
        try:
            return 200, encode_text(result)
        except (TypeError, ValueError, RecursionError) as error:
            self._streams.explain(f"The result cannot be written as JSON: {error}")
            return failure(502, BAD_RESULT)


def encode_text(result):
    try:
        return (encode(result) + "\n").encode()
    except UnicodeEncodeError:
        # Half a surrogate pair has no UTF-8; as an escape it is good JSON.
        return (encode_ascii(result) + "\n").encode()


def failure(status, text):
    return status, encode_text({"error": text})
