"""A Modbus slave of another make (pymodbus 3): `tcp PORT` or `rtu DEVICE`. Unit 3 has floats and a coil."""
import struct
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartSerialServer, StartTcpServer

try:
    from pymodbus.transaction import ModbusRtuFramer
except ImportError:
    from pymodbus.framer.rtu_framer import ModbusRtuFramer


def words(values):
    registers = [0] * 100
    for address, value in values.items():
        registers[address : address + 2] = struct.unpack(">HH", struct.pack(">f", value))
    return registers


INPUT = words({0: 231.5, 6: 4.25, 12: 980.0, 24: 12.0, 30: 0.5, 70: 50.0, 72: 1234.5})
store = ModbusSlaveContext(
    ir=ModbusSequentialDataBlock(0, INPUT),
    hr=ModbusSequentialDataBlock(0, list(range(200))),
    co=ModbusSequentialDataBlock(0, [False] * 16),
    di=ModbusSequentialDataBlock(0, [True, False] * 8),
    zero_mode=True,
)
context = ModbusServerContext(slaves={3: store}, single=False)
way, where = sys.argv[1:3]
print("ready", flush=True)
if way == "tcp":
    StartTcpServer(context=context, address=("127.0.0.1", int(where)))
else:
    StartSerialServer(context=context, framer=ModbusRtuFramer, port=where, baudrate=9600)
